/**
 * Ends this process when the engine that started it is gone. One that is killed
 * tells nobody: its plugins would go on logging in, and a program whose errors
 * can no longer be reported would report that for ever.
 */
import { readFileSync } from "node:fs";
import { connect } from "node:net";

const lookMilliseconds = 1000;

/** Whether nothing listens there any more; a slow engine is still one. */
function isRefused(address: string): Promise<boolean> {
	const at = address.lastIndexOf(":");
	return new Promise((resolve) => {
		const socket = connect(Number(address.slice(at + 1)), address.slice(0, at));
		const answer = (refused: boolean) => {
			socket.destroy();
			resolve(refused);
		};
		socket.setTimeout(lookMilliseconds, () => answer(false));
		socket.once("connect", () => answer(false));
		socket.once("error", (error: NodeJS.ErrnoException) =>
			answer(error.code === "ECONNREFUSED"),
		);
		socket.unref();
	});
}

// Without a word and without handlers: there is nobody to hear of it.
function end(): void {
	process.kill(process.pid, "SIGKILL");
}

/**
 * The words that this process was started with, whatever has become of
 * `process.argv` since.
 */
export function startWords(): readonly string[] {
	return readFileSync("/proc/self/cmdline", "utf8").split("\0").slice(2);
}

/** The engine's address among the words that it starts a plugin with. */
export function engineAddress(words: readonly string[]): string | undefined {
	return words.find((word) => /^[^-].*:\d+$/.test(word));
}

/**
 * Looks every second, and whenever an error went uncaught, whether the engine
 * is there.
 *
 * @param address of the engine, `HOST:PORT`; without one only the process that
 *   started this one is looked at.
 */
export function endWithEngine(address: string | undefined): void {
	const parent = process.ppid;
	const look = async () => {
		if (
			process.ppid !== parent ||
			(address !== undefined && (await isRefused(address)))
		) {
			end();
		}
	};
	setInterval(look, lookMilliseconds).unref();
	// Does not change what becomes of such an error: the SDK has handlers.
	process.on("uncaughtExceptionMonitor", look);
	process.prependListener("unhandledRejection", look);
}
