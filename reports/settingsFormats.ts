/** The settings that a host's description declares. */
import { printable } from "../model/printable";
import type { Setting } from "../model/settings";
import type { Renderers } from "./formats";
import { printableJson } from "./json";

/** What `metaltune settings` prints; it names no content of a file. */
export interface DeclaredSettings {
	/** Version of the format; adding a field does not change it. */
	readonly version: 1;
	readonly host: string;
	readonly settings: readonly Omit<Setting, "content">[];
}

/** The settings in apply order, with hashes in place of files' contents. */
export function declaredOf(
	host: string,
	settings: readonly Setting[],
): DeclaredSettings {
	return {
		version: 1,
		host,
		settings: settings.map(({ tunable, key, match, value, effect }) => ({
			tunable,
			key,
			match,
			value,
			effect,
		})),
	};
}

const head = ["tunable", "key", "match", "value", "effect"] as const;

/** TSV: a header and one line per setting. A tab in a value is escaped. */
function settingsTsv({ settings }: DeclaredSettings): string {
	const lines = settings.map((setting) =>
		head.map((field) => printable(setting[field])).join("\t"),
	);
	return [head.join("\t"), ...lines].join("\n");
}

export const settingsFormats = {
	text: settingsTsv,
	json: printableJson,
} as const satisfies Renderers<DeclaredSettings>;
