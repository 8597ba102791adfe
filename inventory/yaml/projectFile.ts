/**
 * The only way in which an inventory's files, and files that it names, are read:
 * regular files of the project. A path that leads out of it, also by a link,
 * would bring a file of the machine that reads it into state and onto hosts; a
 * device or a pipe would never end.
 */
import {
	closeSync,
	constants,
	existsSync,
	fstatSync,
	openSync,
	readFileSync,
	realpathSync,
} from "node:fs";
import { dirname, join, resolve, sep } from "node:path";

/** Says in place of a system's code why a file is not read. */
class NotRead extends Error {
	constructor(readonly code: string) {
		super(code);
	}
}

function above(directory: string, name: string): string | undefined {
	if (existsSync(join(directory, name))) return directory;
	const parent = dirname(directory);
	return parent === directory ? undefined : above(parent, name);
}

/**
 * What the files of an inventory belong to: the repository around it, else the
 * Pulumi project, else the directory that it is in.
 */
export function projectOf(inventory: string): string {
	const directory = resolve(inventory);
	return (
		above(directory, ".git") ??
		above(directory, "Pulumi.yaml") ??
		dirname(directory)
	);
}

/**
 * A path with its links resolved.
 *
 * @throws Error with a `code` when nothing is there or it is outside of `project`.
 */
export function inProject(project: string, path: string): string {
	const real = realpathSync(path);
	const root = realpathSync(project);
	if (real.startsWith(root.endsWith(sep) ? root : `${root}${sep}`)) return real;
	throw new NotRead(
		"a path that leads out of the project; copy the file into the project",
	);
}

/**
 * Reads a regular file of a project.
 *
 * @throws Error with a `code` that says in words or as the system does why not.
 */
export function readProjectFile(
	project: string,
	path: string,
	maximumBytes = Number.POSITIVE_INFINITY,
): Buffer {
	const real = inProject(project, path);
	// A pipe without a writer would hold an ordinary open.
	const file = openSync(real, constants.O_RDONLY | constants.O_NONBLOCK);
	try {
		const stat = fstatSync(file);
		if (stat.isDirectory()) throw new NotRead("EISDIR");
		if (!stat.isFile()) throw new NotRead("a device or a pipe");
		if (stat.size > maximumBytes) {
			throw new NotRead(
				`${stat.size} bytes, where ${maximumBytes} are allowed`,
			);
		}
		return readFileSync(file);
	} finally {
		closeSync(file);
	}
}
