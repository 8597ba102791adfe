/** What a running command says, gathered the same way here and remotely. */
import type { Readable } from "node:stream";
import type { Log } from "./engineLog";
import type { Properties } from "./secrets";

/** What a command printed, without the last newline. */
export interface Printed {
	readonly stdout: string;
	readonly stderr: string;
}

export interface RunningCommand {
	readonly stdout: Readable;
	readonly stderr: Readable;
	/** Resolves at the end: undefined after exit 0, else what went wrong. */
	readonly failure: Promise<string | undefined>;
}

/**
 * Waits for a command, passing its lines on to the log as `logging` asks.
 *
 * @throws Error with the failure, the command and all it printed.
 */
export async function printedBy(
	command: string,
	running: RunningCommand,
	logging: unknown,
	log: Log,
): Promise<Printed> {
	const both: Buffer[] = [];
	const gather = (stream: Readable, logged: boolean) => {
		const chunks: Buffer[] = [];
		const lines = lineSplitter(log.progress);
		stream.on("data", (chunk: Buffer) => {
			chunks.push(chunk);
			both.push(chunk);
			if (logged) {
				lines.push(chunk);
			}
		});
		return () => {
			lines.end();
			return Buffer.concat(chunks).toString().replace(/\n$/, "");
		};
	};
	const all = logging === undefined || logging === "stdoutAndStderr";
	const stdout = gather(running.stdout, all || logging === "stdout");
	const stderr = gather(running.stderr, all || logging === "stderr");
	const failure = await running.failure;
	const printed = { stdout: stdout(), stderr: stderr() };
	if (failure !== undefined) {
		throw new Error(
			`${failure}: running ${JSON.stringify(command)}:\n${Buffer.concat(both).toString()}`,
		);
	}
	return printed;
}

/**
 * What the last run printed, as variables for the next one; empty ones are not
 * set, and none where `addPreviousOutputInEnv` is false.
 */
export function previousOutput(
	properties: Properties,
): readonly (readonly [string, string])[] {
	if (properties.addPreviousOutputInEnv === false) {
		return [];
	}
	return (["stdout", "stderr"] as const).flatMap((name) => {
		const text = properties[name];
		return typeof text === "string" && text !== ""
			? [[`PULUMI_COMMAND_${name.toUpperCase()}`, text] as const]
			: [];
	});
}

function lineSplitter(emit: (line: string) => void) {
	const decoder = new TextDecoder();
	let rest = "";
	return {
		push: (chunk: Buffer) => {
			const lines = (rest + decoder.decode(chunk, { stream: true })).split(
				"\n",
			);
			rest = lines.pop() ?? "";
			lines.forEach(emit);
		},
		end: () => {
			if (rest !== "") {
				emit(rest);
			}
		},
	};
}
