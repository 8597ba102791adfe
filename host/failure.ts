/** Words the failures of a host's commands, once, from exit code and output. */
import { SshError } from "../ssh/errors";
import type { CommandResult } from "../ssh/session";

function tail(text: string): string {
	const lines = text.trim().split("\n").slice(-12).join("\n");
	return lines.length > 2000 ? `...${lines.slice(-2000)}` : lines;
}

/** Words a command's failure: the reason, with the end of its output. */
export function wordFailure(
	host: string,
	verb: string,
	result: CommandResult,
): string {
	const said = tail(result.stderr) || tail(result.stdout) || "no output";
	const where = `${host}: ${verb}`;
	if (/sudo: (a password is required|a terminal is required)/.test(said)) {
		return `${where}: sudo asks for a password: allow this user \`NOPASSWD: ALL\` in sudoers, or log in as root with \`become: false\``;
	}
	if (/sudo: (command )?not found|sudo: No such file/.test(said)) {
		return `${where}: the host has no sudo: install it, or log in as root with \`become: false\``;
	}
	if (/No space left on device/.test(said)) {
		return `${where}: the disk is full: free space on the host and run again (${said})`;
	}
	if (/Read-only file system/.test(said)) {
		return `${where}: the file system is read-only: ${said}`;
	}
	if (result.signal !== undefined) {
		return `${where}: killed by signal ${result.signal}: ${said}`;
	}
	return `${where}: exit ${result.code}: ${said}`;
}

/** @throws SshError, in the words of `wordFailure`, unless it exited with 0. */
export function mustSucceed(
	host: string,
	name: string,
	result: CommandResult,
): void {
	if (result.code !== 0) {
		throw new SshError("command", wordFailure(host, name, result));
	}
}
