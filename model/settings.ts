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

/** What makes the declared value live: `reboot` only the next boot. */
export type Effect = (typeof effects)[number];

/** One key of one tunable, with what it must be. Values are in normal form. */
export interface Setting {
	readonly tunable: string;
	readonly key: string;
	readonly match: Match;
	readonly value: string;
	readonly effect: Effect;
	/** The text of a file, of which `value` says no more than hash and size. */
	readonly content?: string;
}

/** Whose settings the deployment makes so, once the host is ready. */
export const deployedTunable = "applications";

/** Whether `deploy` makes a setting so, and no apply. */
export function isDeployed({ tunable }: { readonly tunable: string }): boolean {
	return tunable === deployedTunable;
}

/** Texts of files by the SHA-256 that settings speak of, in hex. */
export interface Contents {
	readonly [sha256: string]: string;
}

/** What the files hold that settings speak of. */
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
