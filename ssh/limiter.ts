/** Limits how many tasks run at once. */

/** Runs at most `limit` tasks at once, in the order of their arrival. */
export function limiter(limit: number) {
	let running = 0;
	const waiting: (() => void)[] = [];
	return async <Result>(task: () => Promise<Result>): Promise<Result> => {
		if (running >= limit) {
			await new Promise<void>((resolve) => waiting.push(resolve));
		} else {
			running += 1;
		}
		try {
			return await task();
		} finally {
			// A waiting task inherits the place, so that no later task can overtake it.
			const next = waiting.shift();
			if (next === undefined) {
				running -= 1;
			} else {
				next();
			}
		}
	};
}
