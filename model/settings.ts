/** A host's tuning as a flat list of settings. */

export const matches = ["exact", "atLeast", "cpuSet", "absent"] as const;

/**
 * How a fact must relate to the declared value.
 *
 * - `exact`: equal texts after whitespace is folded.
 * - `atLeast`: a whole number, or a version such as 5.15, not below the
 *   declared one.
 * - `cpuSet`: the same CPUs and the same flags, however they are written.
 * - `absent`: the key must not exist; the value is ignored.
 */
export type Match = (typeof matches)[number];

export const effects = ["live", "reboot"] as const;

/** How a declared value becomes live; `reboot`: only by the next boot. */
export type Effect = (typeof effects)[number];

/** One key of one tunable, with its required value in normal form. */
export interface Setting {
	readonly tunable: string;
	readonly key: string;
	readonly match: Match;
	readonly value: string;
	readonly effect: Effect;
	/** The content of a file; `value` has only its hash and size. */
	readonly content?: string;
}

/** The deployment makes these settings effective, once the host is ready. */
export const deployedTunable = "applications";

/** Whether `deploy` makes a setting effective, and not `apply`. */
export function isDeployed({ tunable }: { readonly tunable: string }): boolean {
	return tunable === deployedTunable;
}

/** Contents of files by the SHA-256 in their settings, in hex. */
export interface Contents {
	readonly [sha256: string]: string;
}

/** The contents of the files that settings refer to. */
export function contentsOf(settings: readonly Setting[]): Contents {
	return Object.fromEntries(
		settings.flatMap(({ value, content }) =>
			content === undefined
				? []
				: [[value.replace(/^sha256:| .*$/g, ""), content] as const],
		),
	);
}

/** `tunable.key`, the name of a setting in state, previews and reports. */
export function settingId(setting: {
	readonly tunable: string;
	readonly key: string;
}): string {
	return `${setting.tunable}.${setting.key}`;
}
