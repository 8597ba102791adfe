/**
 * A simulated AWS account: a directory with a file per object, a log of what
 * was asked of it, and a simulated host per instance. It outlives the plugin, as
 * AWS does, and refuses what AWS refuses: unknown names, and to delete
 * what something else still uses.
 */
import {
	appendFileSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** Plain data, with secrets opened. */
export interface Properties {
	readonly [name: string]: unknown;
}

export interface Stored {
	readonly id: string;
	readonly type: string;
	readonly inputs: Properties;
	/** What AWS adds. */
	readonly added: Properties;
}

/** A published image. */
export interface Image {
	readonly id: string;
	readonly owner: string;
	readonly name: string;
	readonly architecture: string;
	/** Sorts by age. */
	readonly creationDate: string;
}

export interface AccountSettings {
	/** Every instance's sshd listens on it, each at an address of its own. */
	readonly port: number;
	readonly keyPairs: readonly string[];
	readonly images: readonly Image[];
}

export function openAccount(directory: string) {
	const objects = join(directory, "objects");
	mkdirSync(objects, { recursive: true });
	const file = (id: string) => join(objects, `${id}.json`);
	const all = (): readonly Stored[] =>
		readdirSync(objects).map((name) =>
			JSON.parse(readFileSync(join(objects, name), "utf8")),
		);
	return {
		directory,
		settings: (): AccountSettings =>
			JSON.parse(readFileSync(join(directory, "settings.json"), "utf8")),
		/** One line per change, in the order in which they were made. */
		log: (line: string) => appendFileSync(join(directory, "log"), `${line}\n`),
		/** A number that was never given before. */
		next(): number {
			const counter = join(directory, "counter");
			const value = existsSync(counter)
				? Number(readFileSync(counter, "utf8")) + 1
				: 1;
			writeFileSync(counter, String(value));
			return value;
		},
		get: (id: string): Stored | undefined =>
			existsSync(file(id))
				? JSON.parse(readFileSync(file(id), "utf8"))
				: undefined,
		/** In one step: tests read the account while the plugin writes. */
		put(stored: Stored): void {
			const written = join(directory, `${stored.id}.new`);
			writeFileSync(written, JSON.stringify(stored));
			renameSync(written, file(stored.id));
		},
		remove: (id: string) => rmSync(file(id), { force: true }),
		all,
		/** Whatever names it in its inputs. */
		usersOf: (id: string): readonly Stored[] =>
			all().filter(
				(other) =>
					other.id !== id && JSON.stringify(other.inputs).includes(`"${id}"`),
			),
	};
}

export type Account = ReturnType<typeof openAccount>;
