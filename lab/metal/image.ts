/** The disk of the test VM, built once per set of its sources. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheDirectory, contentsOf, keptDirectory, keyOf } from "./cache";
import { buildVariables, type Edition, editionName } from "./releases";

const sources = join(__dirname, "image");

/** Called with each line of progress. */
export type Progress = (text: string) => void;

export interface Image {
	/** Changes with any of the disk's sources. */
	readonly key: string;
	/** Read by many machines at once, never written. */
	readonly disk: string;
	/** The machines' public key, `TYPE BASE64`. */
	readonly hostKey: string;
	/** Private key for logins as root and as metaltune. */
	readonly clientKey: string;
}

/** Runs a program to its end; each line of its output is progress. */
function told(
	program: string,
	args: readonly string[],
	variables: { readonly [name: string]: string },
	progress: Progress,
): Promise<void> {
	return new Promise((resolve, reject) => {
		const child = spawn(program, args, {
			env: { ...process.env, ...variables },
			stdio: ["ignore", "pipe", "pipe"],
		});
		let complaint = "";
		child.stdout.on("data", (chunk: Buffer) => {
			chunk.toString().trimEnd().split("\n").forEach(progress);
		});
		child.stderr.on("data", (chunk: Buffer) => {
			complaint += chunk.toString();
		});
		child.once("error", reject);
		child.once("close", (code) => {
			if (code === 0) {
				resolve();
			} else {
				reject(new Error(complaint.trim()));
			}
		});
	});
}

/** Changes with the edition and with any source of its disk. */
export function imageKey(edition: Edition): string {
	const { SUITE, KERNEL } = buildVariables(edition);
	return keyOf([SUITE, KERNEL, ...contentsOf(sources)]);
}

/**
 * The image for the present sources, built if missing: a minute or two, as root.
 *
 * @throws Error with the end of the build's log.
 */
export async function builtImage(
	edition: Edition,
	progress: Progress,
): Promise<Image> {
	const key = imageKey(edition);
	const name = editionName(edition);
	const wanted = join(cacheDirectory(), `image-${name}-${key}`);
	const directory = await keptDirectory(wanted, (unfinished) => {
		progress(`building the disk of ${name}, once: about a minute`);
		return told(
			join(sources, "build"),
			[unfinished],
			buildVariables(edition),
			progress,
		);
	});
	const publicKey = readFileSync(join(directory, "host_key.pub"), "utf8");
	return {
		key,
		disk: join(directory, "disk.qcow2"),
		hostKey: publicKey.split(" ").slice(0, 2).join(" "),
		clientKey: join(directory, "client_key"),
	};
}
