/**
 * Runs one command on an open connection, with limits on its time and its
 * output.
 */
import type { Client, ClientChannel } from "ssh2";
import { SshError } from "./errors";

/** One command. Its text is constant; data goes to standard input. */
export interface RemoteCommand {
	/** A word for error texts, such as `probe`. */
	readonly name: string;
	readonly text: string;
	readonly stdin: string;
	readonly timeoutSeconds: number;
	/** What raises the command's time limit, such as a key of the inventory. */
	readonly raisedBy?: string;
}

export interface CommandResult {
	/** Undefined when a signal ended the command. */
	readonly code: number | undefined;
	readonly signal: string | undefined;
	readonly stdout: string;
	readonly stderr: string;
}

const outputLimit = 16 * 1024 * 1024;

/** Keeps the output of a channel, up to the limit. */
function recorder(channel: ClientChannel, tooMuch: () => void) {
	const stdout: Buffer[] = [];
	const stderr: Buffer[] = [];
	let size = 0;
	const keep = (chunks: Buffer[]) => (chunk: Buffer) => {
		size += chunk.length;
		if (size > outputLimit) tooMuch();
		else chunks.push(chunk);
	};
	channel.on("data", keep(stdout));
	channel.stderr.on("data", keep(stderr));
	return () => ({
		stdout: Buffer.concat(stdout).toString(),
		stderr: Buffer.concat(stderr).toString(),
	});
}

/** Resolves when the command ended, rejects when that cannot be known. */
function collect(
	channel: ClientChannel,
	command: RemoteCommand,
): Promise<CommandResult> {
	const { name, timeoutSeconds, raisedBy } = command;
	return new Promise((resolve, reject) => {
		let ended: Pick<CommandResult, "code" | "signal"> | undefined;
		const abandon = (why: string) => {
			clearTimeout(timer);
			channel.close();
			reject(new SshError("command", `${name} ${why}`));
		};
		const timer = setTimeout(
			abandon,
			timeoutSeconds * 1000,
			`did not end within ${timeoutSeconds} s; find out on the host what it waits for${raisedBy === undefined ? "" : `, or raise its limit with ${raisedBy}`}`,
		);
		const printed = recorder(channel, () =>
			abandon(`printed more than ${outputLimit / 1024 / 1024} MiB`),
		);
		channel.on("exit", (code: number | null, signal?: string) => {
			ended = { code: code ?? undefined, signal };
		});
		channel.on("close", () => {
			clearTimeout(timer);
			if (ended !== undefined) resolve({ ...ended, ...printed() });
			const lost = `the connection was lost during ${name}`;
			reject(new SshError("lost", lost));
		});
		// A command that ends without reading its input has not failed.
		channel.on("error", () => undefined);
		channel.end(command.stdin);
	});
}

/**
 * Runs a command without a terminal. A command that fails is a result.
 *
 * @throws SshError when the connection breaks, the command exceeds its time
 *   limit or prints too much.
 */
export function runCommand(
	client: Client,
	command: RemoteCommand,
): Promise<CommandResult> {
	return new Promise((resolve, reject) => {
		const lost = (error: Error) =>
			reject(
				new SshError(
					"lost",
					`the connection was lost before ${command.name}: ${error.message}`,
				),
			);
		try {
			client.exec(command.text, (error, channel) => {
				// Listens at once: a short command may end in the same packet.
				if (error === undefined) {
					collect(channel, command).then(resolve, reject);
				} else {
					lost(error);
				}
			});
		} catch (error) {
			lost(error instanceof Error ? error : new Error(String(error)));
		}
	});
}
