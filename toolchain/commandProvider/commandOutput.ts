/** Collects the output of a running command, local or remote. */
import type { Readable } from "node:stream";
import { boundedText, printableLines } from "../../model/printable";
import type { Log } from "./resourceLog";
import type { Properties } from "./secrets";

// Limits per stream: what is kept in state, which every step of a deployment
// writes again, and what is shown. The real provider has no such limits.
const longestKept = 64 * 1024;
const mostLinesShown = 2000;
const longestLine = 4096;
/**
 * Bytes of a failure. gRPC sends it in an HTTP/2 header of at most 64 KiB, with
 * every byte written as three. More would end this process and its commands.
 */
export const longestFailure = 12 * 1024;

/** The output of a command, without the last newline. */
export interface Printed {
	readonly stdout: string;
	readonly stderr: string;
}

export interface RunningCommand {
	readonly stdout: Readable;
	readonly stderr: Readable;
	/** Resolves at the end: undefined after exit 0, else the failure. */
	readonly failure: Promise<string | undefined>;
}

/**
 * Waits for a command, and sends its lines to the log as `logging` asks.
 *
 * @throws Error with the failure, the command and its whole output.
 */
export async function printedBy(
	command: string,
	running: RunningCommand,
	logging: unknown,
	log: Log,
): Promise<Printed> {
	const both = boundedBuffer(longestKept);
	const gather = (stream: Readable, logged: boolean) => {
		const own = boundedBuffer(longestKept);
		const lines = lineSplitter(boundedLog(log));
		stream.on("data", (chunk: Buffer) => {
			own.push(chunk);
			both.push(chunk);
			if (logged) {
				lines.push(chunk);
			}
		});
		return () => {
			lines.end();
			return shownText(own.text().replace(/\n$/, ""));
		};
	};
	const all = logging === undefined || logging === "stdoutAndStderr";
	const stdout = gather(running.stdout, all || logging === "stdout");
	const stderr = gather(running.stderr, all || logging === "stderr");
	const failure = await running.failure;
	const printed = { stdout: stdout(), stderr: stderr() };
	if (failure !== undefined) {
		throw new Error(
			boundedText(
				`${failure}: running ${JSON.stringify(command)}:\n${shownText(both.text())}`,
				longestFailure,
			),
		);
	}
	return printed;
}

/**
 * The output of the last run, as variables for the next one. Empty ones are not
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

/** The text without what a terminal or a CI system would obey. */
function shownText(text: string): string {
	return text.split("\t").map(printableLines).join("\t");
}

/** Sends lines to the log, up to a limit. */
function boundedLog(log: Log) {
	let count = 0;
	return (line: string) => {
		count += 1;
		if (count <= mostLinesShown) {
			log.progress(boundedText(printableLines(line), longestLine));
		} else if (count === mostLinesShown + 1) {
			log.progress("... more than this is not shown");
		}
	};
}

/** Start and end of a stream, which is read completely at any length. */
function boundedBuffer(limit: number) {
	const half = limit / 2;
	const start: Buffer[] = [];
	let end = Buffer.alloc(0);
	let size = 0;
	return {
		push: (chunk: Buffer) => {
			const room = Math.max(0, half - size);
			if (room > 0) start.push(chunk.subarray(0, room));
			const rest = chunk.subarray(room);
			if (rest.length > 0) {
				end = Buffer.concat([end, rest.subarray(-half)]).subarray(-half);
			}
			size += chunk.length;
		},
		text: () => {
			const left = size - limit;
			const gap = left > 0 ? `\n... ${left} bytes are left out here ...\n` : "";
			return `${Buffer.concat(start)}${gap}${end}`;
		},
	};
}

function lineSplitter(emit: (line: string) => void) {
	const decoder = new TextDecoder();
	let rest = "";
	return {
		push: (chunk: Buffer) => {
			const lines = (rest + decoder.decode(chunk, { stream: true })).split(
				"\n",
			);
			// Only the start of an endless line is kept.
			rest = (lines.pop() ?? "").slice(0, 2 * longestLine);
			lines.forEach(emit);
		},
		end: () => {
			if (rest !== "") {
				emit(rest);
			}
		},
	};
}
