/** The settings that a host's description declares. */
import {
	type ContentSecret,
	contentSecrets,
} from "../inventory/contentSecrets";
import type { HostSpec } from "../model/hostSpec";
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
	/** Settings that only the stack's config can complete. */
	readonly secrets: readonly ContentSecret[];
}

/** The settings in apply order, with hashes in place of files' contents. */
export function declaredOf(spec: HostSpec): DeclaredSettings {
	return {
		version: 1,
		host: spec.name,
		settings: spec.settings.map(({ tunable, key, match, value, effect }) => ({
			tunable,
			key,
			match,
			value,
			effect,
		})),
		secrets: contentSecrets(spec),
	};
}

const head = ["tunable", "key", "match", "value", "effect"] as const;

/** TSV: a header and one line per setting. A tab in a value is escaped. */
function settingsTsv({ settings, secrets }: DeclaredSettings): string {
	const named = secrets.flatMap(({ ids, secret }) =>
		ids.map((id) => {
			const [, tunable = "", key = ""] = /^(\w+)\.(.*)$/.exec(id) ?? [];
			return [tunable, printable(key), "exact", `secret ${secret}`, "live"];
		}),
	);
	const lines = settings.map((setting) =>
		head.map((field) => printable(setting[field])).join("\t"),
	);
	return [
		head.join("\t"),
		...lines,
		...named.map((row) => row.join("\t")),
	].join("\n");
}

export const settingsFormats = {
	text: settingsTsv,
	json: printableJson,
} as const satisfies Renderers<DeclaredSettings>;
