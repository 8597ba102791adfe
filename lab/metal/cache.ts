/**
 * A cache for slow builds, outside every checkout, beside that of bin/setup. Names
 * are derived from the sources.
 */
import { createHash } from "node:crypto";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
} from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";

/** The directory that holds images and snapshots. */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
	const home = env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
	return join(env.METALTUNE_CACHE ?? join(home, "metaltune"), "metal");
}

/** A short name for these texts, in this order. */
export function keyOf(texts: readonly string[]): string {
	const hash = createHash("sha256");
	for (const text of texts) {
		// The length makes the boundary between two texts unambiguous.
		hash.update(`${text.length}:${text}`);
	}
	return hash.digest("hex").slice(0, 16);
}

/** Path, mode and content of every file below a directory, in a fixed order. */
export function contentsOf(directory: string): readonly string[] {
	return readdirSync(directory, { recursive: true, encoding: "utf8" })
		.toSorted()
		.map((name) => ({ name, path: join(directory, name) }))
		.filter(({ path }) => statSync(path).isFile())
		.flatMap(({ name, path }) => [
			name,
			String(statSync(path).mode & 0o100),
			readFileSync(path, "utf8"),
		]);
}

/**
 * The directory `path`. `make` builds it in another place, and it is renamed when
 * complete, so that a crash leaves nothing incomplete under its name.
 */
export async function keptDirectory(
	path: string,
	make: (directory: string) => Promise<void>,
): Promise<string> {
	if (existsSync(path)) {
		return path;
	}
	mkdirSync(dirname(path), { recursive: true });
	const unfinished = mkdtempSync(`${path}.new-`);
	try {
		await make(unfinished);

		renameSync(unfinished, path);
	} catch (error) {
		// Another process was faster; its result is equivalent.
		const other = existsSync(path);
		rmSync(unfinished, { recursive: true, force: true });
		if (!other) {
			throw error;
		}
	}
	return path;
}

/**
 * Removes entries for the same purpose as `path` (`PURPOSE-KEY`) with another key,
 * such as the image of yesterday's packages; entries that may be in use stay.
 */
export function forgetOthers(path: string): void {
	const purposeOf = (name: string) => name.slice(0, name.lastIndexOf("-"));
	const purpose = purposeOf(basename(path));
	const dayAgo = Date.now() - 86_400_000;
	for (const name of readdirSync(dirname(path))) {
		const other = join(dirname(path), name);
		if (
			purposeOf(name) === purpose &&
			name !== basename(path) &&
			statSync(other).mtimeMs < dayAgo
		) {
			rmSync(other, { recursive: true, force: true });
		}
	}
}
