/** How the lab runs programs, waits and limits concurrency. */
import { execFile } from "node:child_process";

/**
 * Runs a program to its end and returns its standard output.
 *
 * @throws Error with the program, its exit code and its error output.
 */
export function run(
	program: string,
	args: readonly string[],
	env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
	return new Promise((resolve, reject) => {
		execFile(program, args, { env }, (error, stdout, stderr) => {
			if (error === null) {
				resolve(stdout);
				return;
			}
			reject(
				new Error(
					`${program} ${args.join(" ")}: expected exit 0, got ${error.code}: ${stderr.trim()}`,
				),
			);
		});
	});
}

/**
 * Polls until `condition` holds.
 *
 * @throws Error that names `what` it waited for, after `seconds`.
 */
export async function waitFor(
	what: string,
	condition: () => boolean,
	seconds = 30,
): Promise<void> {
	const end = Date.now() + seconds * 1000;
	while (!condition()) {
		if (Date.now() > end) {
			throw new Error(`expected ${what} within ${seconds} s, still waiting`);
		}
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

/** Maps with at most `limit` concurrent calls; results in input order. */
export async function mapLimited<Item, Result>(
	items: readonly Item[],
	limit: number,
	work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
	const results: Result[] = [];
	const queue = items.entries();
	const worker = async (): Promise<void> => {
		for (const [index, item] of queue) {
			results[index] = await work(item);
		}
	};
	await Promise.all(Array.from({ length: limit }, worker));
	return results;
}
