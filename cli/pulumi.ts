/** Runs the `pulumi` command for metaltune's command line. */
import { spawn, spawnSync } from "node:child_process";

const missing = (error: Error) =>
	new Error(`pulumi: expected it on PATH, got ${error.message}; run bin/setup`);

/**
 * The output of a `pulumi` command; its errors go to the terminal.
 *
 * @param failed the sentence for a command that does not exit 0.
 * @throws Error with that sentence, or when there is no `pulumi`.
 */
export function pulumiOutput(args: readonly string[], failed: string): string {
	const done = spawnSync("pulumi", args, {
		stdio: ["inherit", "pipe", "inherit"],
		encoding: "utf8",
		// The state of a large fleet is tens of megabytes.
		maxBuffer: Number.POSITIVE_INFINITY,
	});
	if (done.error !== undefined) {
		throw missing(done.error);
	}
	if (done.status !== 0) {
		throw new Error(failed);
	}
	return done.stdout;
}

/**
 * Hands the terminal to `pulumi`, prompts included.
 *
 * @returns its exit code; 1 when a signal ended it.
 * @throws Error when there is no `pulumi`.
 */
export function pulumiForPerson(args: readonly string[]): Promise<number> {
	return new Promise((resolve, reject) => {
		// Ctrl-C is for pulumi, which finishes cleanly and then exits.
		const stay = () => undefined;
		process.on("SIGINT", stay);
		const child = spawn("pulumi", args, { stdio: "inherit" });
		child.once("error", (error) => reject(missing(error)));
		child.once("close", (code) => {
			process.off("SIGINT", stay);
			resolve(code ?? 1);
		});
	});
}
