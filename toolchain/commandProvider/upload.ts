/**
 * Files on a host through SFTP. Directories are created as needed, an existing
 * file is overwritten in place, and the server decides modes.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, posix } from "node:path";
import type { Client, SFTPWrapper } from "ssh2";

const noSuchFile = 2;

type Finish = (error?: Error | null) => void;

export function openSftp(client: Client): Promise<SFTPWrapper> {
	return new Promise((resolve, reject) => {
		client.sftp((error, sftp) =>
			error === undefined ? resolve(sftp) : reject(error),
		);
	});
}

/**
 * Writes one file at `path`, or as `name` inside `path` where that is a
 * directory.
 *
 * @throws Error when `path` is a directory and `name` is empty.
 */
export async function write(
	sftp: SFTPWrapper,
	content: Buffer,
	path: string,
	name: string,
): Promise<void> {
	const directory = (await kindOf(sftp, path)) === "directory";
	if (directory && name === "") {
		throw new Error(
			`${path}: expected the path of a file for a text asset, found a directory`,
		);
	}
	const target = directory ? posix.join(path, name) : path;
	await makeDirectories(sftp, posix.dirname(target));
	await put(sftp, content, target);
}

/**
 * Copies a local file or directory. A file goes to `path` or into the directory
 * there. A directory goes into `path`; with `/` at its end, only its content
 * does.
 */
export async function copyLocal(
	sftp: SFTPWrapper,
	local: string,
	path: string,
): Promise<void> {
	if (!(await stat(local)).isDirectory()) {
		await write(sftp, await readFile(local), path, basename(local));
		return;
	}
	const target = local.endsWith("/") ? path : posix.join(path, basename(local));
	await copyDirectory(sftp, local, target);
}

/**
 * Creates `path` and its parent directories; an existing file there is an
 * error.
 */
export async function makeDirectories(
	sftp: SFTPWrapper,
	path: string,
): Promise<void> {
	const kind = await kindOf(sftp, path);
	if (kind === "directory") {
		return;
	}
	if (kind === "file") {
		throw new Error(`${path}: expected a directory, found a file`);
	}
	await makeDirectories(sftp, posix.dirname(path));
	await finished(path, (finish) => sftp.mkdir(path, finish));
}

async function copyDirectory(
	sftp: SFTPWrapper,
	local: string,
	path: string,
): Promise<void> {
	await makeDirectories(sftp, path);
	for (const entry of await readdir(local, { withFileTypes: true })) {
		const from = `${local}/${entry.name}`;
		const to = posix.join(path, entry.name);
		if (entry.isDirectory()) {
			await copyDirectory(sftp, from, to);
		} else {
			await put(sftp, await readFile(from), to);
		}
	}
}

function put(sftp: SFTPWrapper, content: Buffer, path: string): Promise<void> {
	return finished(path, (finish) => sftp.writeFile(path, content, finish));
}

function kindOf(
	sftp: SFTPWrapper,
	path: string,
): Promise<"directory" | "file" | "nothing"> {
	return new Promise((resolve, reject) => {
		sftp.stat(path, (error, stats) => {
			if (error === undefined || error === null) {
				resolve(stats.isDirectory() ? "directory" : "file");
			} else if ("code" in error && error.code === noSuchFile) {
				resolve("nothing");
			} else {
				reject(new Error(`${path}: ${error.message}`));
			}
		});
	});
}

function finished(path: string, work: (finish: Finish) => void): Promise<void> {
	return new Promise((resolve, reject) => {
		work((error) =>
			error === undefined || error === null
				? resolve()
				: reject(new Error(`${path}: ${error.message}`)),
		);
	});
}
