/** Waits until a host that has just rebooted is at rest, and observes it. */

/** How a host is observed, and when waiting ends. */
export interface Settling<Observed> {
	/** Reads the host; under load this takes as long as a boot. */
	observe(): Promise<Observed>;
	/** Whether an observation needs no other one. */
	isGood(observed: Observed): boolean;
	/** Whether the host still applies its settings. */
	isAtWork(): Promise<boolean>;
	pause(): Promise<void>;
	/** Whether a host at rest has had its time: something may set it to work again. */
	isSettled(): boolean;
	/** Whether it is too late to wait for anything. */
	isLate(): boolean;
}

/**
 * The first good observation, or the last one. A bad one counts only if the host was
 * known to be at rest before it began: values read during a boot are between two states.
 */
export async function settled<Observed>({
	observe,
	isGood,
	isAtWork,
	pause,
	isSettled,
	isLate,
}: Settling<Observed>): Promise<Observed> {
	let atRest = false;
	for (;;) {
		const observed = await observe();
		if (isGood(observed) || isLate()) {
			return observed;
		}
		const wasAtRest = atRest;
		atRest = !(await isAtWork());
		if (atRest && wasAtRest && isSettled()) {
			return observed;
		}
		// Observations would slow down a host that is still applying settings.
		do {
			await pause();
		} while (!atRest && !isLate() && (await isAtWork()));
		atRest = true;
	}
}
