/** What a host answered for one key. See docs/host-program.md, "Report". */

export const layers = ["live", "boot"] as const;

/** `live` is the running kernel, `boot` is what the next boot will apply. */
export type Layer = (typeof layers)[number];

export const factStatuses = [
	"value",
	"absent",
	"unreadable",
	"unsupported",
] as const;

/** Four different answers, which are never merged. */
export type FactStatus = (typeof factStatuses)[number];

/** One answer for one key in one layer. */
export interface Fact {
	readonly tunable: string;
	readonly key: string;
	readonly layer: Layer;
	readonly status: FactStatus;
	/** The value, or the reason of `unreadable` and `unsupported`. */
	readonly text: string;
	/** Where it was read: a path or a command, for display. */
	readonly source: string;
}
