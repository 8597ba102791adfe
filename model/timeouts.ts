/** Time limits of the host program, as the inventory declares them. */

/** Seconds; a key that is absent has the default of its verb. */
export interface Timeouts {
	/** Reading the host, or storing settings there. */
	readonly probeSeconds?: number;
	readonly applySeconds?: number;
	readonly deploySeconds?: number;
	/** Reverting the host, confirming a change or releasing the host. */
	readonly revertSeconds?: number;
}

/** A key of `connection.timeouts`. */
export type TimeoutKey = keyof Timeouts;

/** Defaults of limits that are not declared. */
export const defaultTimeouts = {
	probeSeconds: 120,
	applySeconds: 1800,
	revertSeconds: 600,
} as const satisfies Timeouts;

/** The key as a message names it. */
export function timeoutPath(key: TimeoutKey): string {
	return `connection.timeouts.${key}`;
}
