/**
 * A host's tuning as a flat list of settings, and the text form in which it
 * travels to the host program. See docs/host-program.md, "Settings".
 */
import { createHash } from "node:crypto";

export const matches = ["exact", "atLeast", "cpuSet", "absent"] as const;

/**
 * How a fact must relate to the declared value.
 *
 * - `exact`: equal texts after white space is folded.
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

/**
 * Contents as the host program reads them, before the settings:
 * `content TAB HEX TAB BASE64`.
 */
export function encodeContents(contents: Contents): string {
	return Object.entries(contents)
		.map(
			([sha256, text]) =>
				`content\t${sha256}\t${Buffer.from(text).toString("base64")}\n`,
		)
		.join("");
}

/** `tunable.key`, the name of a setting in state, previews and reports. */
export function settingId(setting: {
	readonly tunable: string;
	readonly key: string;
}): string {
	return `${setting.tunable}.${setting.key}`;
}

/**
 * Renders settings as the host program reads them: one line each,
 * `tunable TAB key TAB match TAB value TAB effect`.
 *
 * @throws Error when a key or value holds a tab, newline or NUL; decoders
 *   refuse such text, so this is a defect in a tunable.
 */
export function encodeSettings(settings: readonly Setting[]): string {
	return settings
		.map((s) => {
			const fields = [s.tunable, s.key, s.match, s.value, s.effect];
			const bad = fields.find((field) => /[\t\n\r\0]/.test(field));
			if (bad !== undefined) {
				throw new Error(
					`${settingId(s)}: expected text without tabs, newlines or NUL, got ${JSON.stringify(bad)}`,
				);
			}
			return `${fields.join("\t")}\n`;
		})
		.join("");
}

/**
 * Settings as a stream that says where it ends: a connection that breaks looks
 * like the end of the input on the host, which acts on no list that is not
 * closed by its number of lines and its hash.
 */
export function settingsStream(settings: readonly Setting[]): string {
	const text = encodeSettings(settings);
	return `${text}end\t${settings.length}\t${settingsHash(settings)}\n`;
}

/** SHA-256 in hex of the settings' text: by this the host knows them too. */
export function settingsHash(settings: readonly Setting[]): string {
	return createHash("sha256").update(encodeSettings(settings)).digest("hex");
}

/**
 * Reads one line of `encodeSettings`, already split at its tabs.
 *
 * @throws Error when the fields are not a setting.
 */
export function settingFromFields(fields: readonly string[]): Setting {
	const [tunable, key, match, value, effect] = fields;
	const knownMatch = matches.find((m) => m === match);
	const knownEffect = effects.find((e) => e === effect);
	if (
		fields.length !== 5 ||
		tunable === undefined ||
		key === undefined ||
		value === undefined ||
		knownMatch === undefined ||
		knownEffect === undefined
	) {
		throw new Error(
			"expected tunable, key, match, value and effect separated by tabs",
		);
	}
	return { tunable, key, match: knownMatch, value, effect: knownEffect };
}
