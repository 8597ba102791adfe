/**
 * The shell commands of a CI file, and the calls of `bin/metaltune` in them.
 */
import { parse } from "yaml";

export interface Call {
	readonly command: string;
	/** Long options, as they are written. */
	readonly options: readonly string[];
}

function textsUnder(value: unknown, key: string): readonly string[] {
	if (Array.isArray(value)) {
		return value.flatMap((each) => textsUnder(each, key));
	}
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([name, each]) => {
		if (name !== key) return textsUnder(each, key);
		const texts: readonly unknown[] = Array.isArray(each) ? each : [each];
		return texts.filter((text) => typeof text === "string");
	});
}

/** Every script of a file, one text per step. */
export function scriptsOf(yaml: string, key: "run" | "script") {
	return textsUnder(parse(yaml), key);
}

/** Every call of our command line in scripts. */
export function callsOf(scripts: readonly string[]): readonly Call[] {
	const lines = scripts.flatMap((text) => text.split("\n"));
	return lines.flatMap((line) =>
		[
			...line.matchAll(
				/bin\/metaltune ((?:(?:lab|app|ci) )?[a-z-]+)([^|&;#]*)/g,
			),
		].map(([, command = "", rest = ""]) => ({
			command,
			options: [...rest.matchAll(/ (--[a-z-]+)/g)].map(
				([, option]) => option ?? "",
			),
		})),
	);
}
