/**
 * Runs one command and measures its cost: wall-clock time, and CPU seconds,
 * which stay comparable when other work shares the machine.
 */
import { spawn } from "node:child_process";

export interface Cost {
	readonly wall_s: number;
	/**
	 * User and system time of the command and all processes that it waited for.
	 */
	readonly cpu_s: number;
}

export interface Measured {
	readonly cost: Cost;
	readonly stdout: string;
}

export interface MeasuredCommand {
	/** POSIX sh; its arguments are `$0`, `$1` and so on. */
	readonly script: string;
	readonly args: readonly string[];
	readonly cwd: string;
	readonly env: NodeJS.ProcessEnv;
	/** Ends the command and all processes that it started. */
	readonly signal: AbortSignal;
}

// The second line of `times` is the time of the shell's children.
function childSeconds(times: string): number {
	const fields = [...(times.split("\n")[1] ?? "").matchAll(/(\d+)m([\d.]+)s/g)];
	if (fields.length !== 2) {
		throw new Error(
			`expected two lines from the shell's times, got ${JSON.stringify(times)}`,
		);
	}
	return fields
		.map(([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds))
		.reduce((sum, seconds) => sum + seconds);
}

function endOf(text: string): string {
	return text.trim().split("\n").slice(-25).join("\n");
}

/**
 * Runs a command to its end.
 *
 * @throws Error with the end of its output, when it does not exit 0 or the
 *   signal ended it.
 */
export function measure(command: MeasuredCommand): Promise<Measured> {
	const { script, args, cwd, env, signal } = command;
	signal.throwIfAborted();
	return new Promise((resolve, reject) => {
		const started = process.hrtime.bigint();
		// A process group of its own, so that ending it also ends the engine's
		// plugins.
		const child = spawn(
			"sh",
			["-c", `( ${script} ); code=$?; times >&3; exit "$code"`, ...args],
			{ cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe", "pipe"] },
		);
		const output = { 1: "", 2: "", 3: "" };
		for (const fd of [1, 2, 3] as const) {
			child.stdio[fd]?.on("data", (chunk: Buffer) => {
				output[fd] += chunk.toString();
			});
		}
		const abort = () => child.pid && process.kill(-child.pid, "SIGTERM");
		signal.addEventListener("abort", abort);
		let wall_s = 0;
		child.once("error", reject);
		child.once("exit", () => {
			wall_s = Number(process.hrtime.bigint() - started) / 1e9;
		});
		child.once("close", (code) => {
			signal.removeEventListener("abort", abort);
			if (code === 0) {
				const cost = { wall_s, cpu_s: childSeconds(output[3]) };
				resolve({ cost, stdout: output[1] });
				return;
			}
			const name = args.slice(1).join(" ").slice(0, 120);
			const why = signal.aborted ? "it was told to end" : `exit ${code}`;
			reject(
				new Error(
					`${name}: expected exit 0, got ${why}\n${endOf(output[1] + output[2])}`,
				),
			);
		});
	});
}
