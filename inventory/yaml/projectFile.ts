/**
 * All files of an inventory, and files that it names, are read here: regular
 * files of the project only. A path or link out of the project would copy a
 * file of the local machine into state and onto hosts. Reading a device or a
 * pipe might never end.
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

/**
 * Gives the reason that a file is not read, in place of a system error code.
 */
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
 * The project of an inventory: the Git repository around it, else the Pulumi
 * project, else the inventory's directory.
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
 * @throws Error with a `code` when it does not exist or is outside of
 *   `project`.
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
 * @throws Error whose `code` is the reason, in words or as a system error code.
 */
export function readProjectFile(
	project: string,
	path: string,
	maximumBytes = Number.POSITIVE_INFINITY,
): Buffer {
	const real = inProject(project, path);
	// A normal open of a pipe without a writer would block.
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
