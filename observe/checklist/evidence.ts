/** The evidence for a checklist item: settings, and measurements. */

import type { Layer } from "../../model/facts";
import type { Verdict } from "../../model/verdict";

/**
 * - `ok`: within the limit.
 * - `exceeded`: above it.
 * - `notTried`: nothing happened that could have shown it.
 * - `unreadable`: the host gave no answer.
 */
export type MeasuredVerdict = "ok" | "exceeded" | "notTried" | "unreadable";

/** What was read from one source. */
export interface Seen {
	readonly layer: Layer;
	readonly found: string;
	/** A path or a command on the host. */
	readonly source: string;
}

export interface Evidence {
	/** The setting's name, or CPUs and the name of the measurement. */
	readonly key: string;
	readonly expected: string;
	readonly seen: readonly Seen[];
	readonly verdict: Verdict | MeasuredVerdict;
}
