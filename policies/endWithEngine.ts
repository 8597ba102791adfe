/**
 * Ends this process when its engine has ended. A killed engine does not stop
 * its plugins: they would continue to log in. A program would keep trying to
 * report its errors to the engine.
 */
import { readFileSync } from "node:fs";
import { connect } from "node:net";

const checkMilliseconds = 1000;

/** Whether nothing listens at the address; a slow engine does not count. */
function isRefused(address: string): Promise<boolean> {
	const at = address.lastIndexOf(":");
	return new Promise((resolve) => {
		const socket = connect(Number(address.slice(at + 1)), address.slice(0, at));
		const answer = (refused: boolean) => {
			socket.destroy();
			resolve(refused);
		};
		socket.setTimeout(checkMilliseconds, () => answer(false));
		socket.once("connect", () => answer(false));
		socket.once("error", (error: NodeJS.ErrnoException) =>
			answer(error.code === "ECONNREFUSED"),
		);
		socket.unref();
	});
}

// SIGKILL runs no exit handlers, which would report to the ended engine.
function end(): void {
	process.kill(process.pid, "SIGKILL");
}

/**
 * The arguments that this process was started with, even if `process.argv` has
 * changed since.
 */
export function startWords(): readonly string[] {
	return readFileSync("/proc/self/cmdline", "utf8").split("\0").slice(2);
}

/** The engine's address among a plugin's start arguments. */
export function engineAddress(words: readonly string[]): string | undefined {
	return words.find((word) => /^[^-].*:\d+$/.test(word));
}

/**
 * Checks every second, and at every uncaught error, that the engine runs.
 *
 * @param address of the engine, `HOST:PORT`; without it only the parent process
 *   is checked.
 */
export function endWithEngine(address: string | undefined): void {
	const parent = process.ppid;
	const check = async () => {
		if (
			process.ppid !== parent ||
			(address !== undefined && (await isRefused(address)))
		) {
			end();
		}
	};
	setInterval(check, checkMilliseconds).unref();
	// The SDK has its own handlers; these listeners do not change error handling.
	process.on("uncaughtExceptionMonitor", check);
	process.prependListener("unhandledRejection", check);
}
