/**
 * Snapshots of a directory tree, so that a test can say "byte for byte as
 * before" and "nothing was written" about a host's whole file system.
 */
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** One path of a tree. */
export interface TreeEntry {
	readonly type: "file" | "directory" | "link" | "other";
	/** Permission bits in octal, `0644`. */
	readonly mode: string;
	/** A file's bytes (one character each) or a link's target. */
	readonly content: string;
	/** Inode and modification time; only when snapshotted with `writes`. */
	readonly written?: string;
}

/** Path relative to the snapshotted directory to what is there. */
export type TreeSnapshot = ReadonlyMap<string, TreeEntry>;

export interface SnapshotOptions {
	/** Also record inode and mtime, so that a rewrite with equal bytes shows. */
	readonly writes?: boolean;
	/** Paths left out with everything below them, such as `.lab`. */
	readonly except?: readonly string[];
}

/**
 * Records every path below `directory`, links not followed.
 *
 * @throws Error when a path vanishes or cannot be read meanwhile.
 */
export function snapshotTree(
	directory: string,
	options: SnapshotOptions = {},
): TreeSnapshot {
	const entries = new Map<string, TreeEntry>();
	const except = new Set(options.except ?? []);
	const visit = (relative: string): void => {
		for (const name of readdirSync(join(directory, relative)).toSorted()) {
			const path = relative === "" ? name : `${relative}/${name}`;
			if (except.has(path)) {
				continue;
			}
			const entry = readEntry(join(directory, path), options.writes === true);
			entries.set(path, entry);
			if (entry.type === "directory") {
				visit(path);
			}
		}
	};
	visit("");
	return entries;
}

function readEntry(path: string, writes: boolean): TreeEntry {
	const stat = lstatSync(path, { bigint: true });
	const type = stat.isFile()
		? "file"
		: stat.isDirectory()
			? "directory"
			: stat.isSymbolicLink()
				? "link"
				: "other";
	return {
		type,
		mode: (stat.mode & 0o7777n).toString(8).padStart(4, "0"),
		content:
			type === "file"
				? readFileSync(path, "latin1")
				: type === "link"
					? readlinkSync(path)
					: "",
		...(writes ? { written: `inode ${stat.ino} mtime ${stat.mtimeNs}` } : {}),
	};
}

/**
 * Says in sentences what differs between two snapshots, one per path, in path
 * order; empty when they are equal.
 */
export function diffTrees(
	before: TreeSnapshot,
	after: TreeSnapshot,
): readonly string[] {
	const paths = new Set([...before.keys(), ...after.keys()]);
	return [...paths].toSorted().flatMap((path) => {
		const was = before.get(path);
		const is = after.get(path);
		if (was === undefined || is === undefined) {
			return [was === undefined ? `${path}: appeared` : `${path}: disappeared`];
		}
		const difference = diffEntries(was, is);
		return difference === undefined ? [] : [`${path}: ${difference}`];
	});
}

function diffEntries(was: TreeEntry, is: TreeEntry): string | undefined {
	if (was.type !== is.type) {
		return `was a ${was.type}, is a ${is.type}`;
	}
	if (was.content !== is.content) {
		return diffText(was.content, is.content);
	}
	if (was.mode !== is.mode) {
		return `mode was ${was.mode}, is ${is.mode}`;
	}
	return was.written === is.written
		? undefined
		: `was written without a change (${was.written} -> ${is.written})`;
}

function diffText(was: string, is: string): string {
	const wasLines = was.split("\n");
	const isLines = is.split("\n");
	const line = wasLines.findIndex((text, index) => text !== isLines[index]);
	const at = line === -1 ? wasLines.length : line;
	const quote = (text: string | undefined): string =>
		text === undefined ? "end of file" : JSON.stringify(text);
	return `line ${at + 1} was ${quote(wasLines[at])}, is ${quote(isLines[at])}`;
}
