/** How long the host program may take, as the inventory declares it. */

/** Seconds; a key that is absent has the default of its verb. */
export interface Timeouts {
	/** Reading the host, or leaving settings there. */
	readonly probeSeconds?: number;
	readonly applySeconds?: number;
	readonly deploySeconds?: number;
	/** Reverting the host, confirming a change or giving up the host. */
	readonly revertSeconds?: number;
}

/** A key of `connection.timeouts`. */
export type TimeoutKey = keyof Timeouts;

/** What applies where nothing is declared. */
export const defaultTimeouts = {
	probeSeconds: 120,
	applySeconds: 1800,
	revertSeconds: 600,
} as const satisfies Timeouts;

/** The key as a message names it. */
export function timeoutPath(key: TimeoutKey): string {
	return `connection.timeouts.${key}`;
}
