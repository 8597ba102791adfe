/** The catalogue of tunables, for `metaltune explain`. */
import type { Tunable, TunableDocs } from "../inventory/tunable";
import type { Renderers } from "./formats";
import { printableJson } from "./json";
import { list } from "./table";
import { wrapped } from "./wrap";

const reboots = {
	never: "no",
	always: "yes",
	partly: "for some keys",
} as const satisfies { [K in TunableDocs["needsReboot"]]: string };

/** What `metaltune explain --json` prints of one tunable. */
export type Explanation = { readonly name: string } & TunableDocs;

/** The documentation of tunables, as plain data under their names. */
export function explanations(
	described: readonly Pick<Tunable<unknown>, "name" | "docs">[],
): readonly Explanation[] {
	return described.map(({ name, docs }) => ({ name, ...docs }));
}

/** One line per tunable, in the order in which they are applied. */
export function catalogueText(
	all: readonly Explanation[],
	columns?: number,
): string {
	const rows = all.map(({ name, summary, layers, needsReboot }) => [
		name,
		summary,
		layers.join(", "),
		reboots[needsReboot],
	]);
	return list(["tunable", "sets", "layers", "reboot"], rows, columns);
}

const widest = 78;

/** Lines of a paragraph, indented. */
function paragraph(text: string, indent: number, columns = widest): string {
	const width = Math.max(2, Math.min(columns, widest) - indent);
	return wrapped(text, width)
		.map((line) => " ".repeat(indent) + line)
		.join("\n");
}

function section(
	columns: number | undefined,
	title: string,
	...paragraphs: readonly string[]
): string {
	const lines = paragraphs.map((text) => paragraph(text, 2, columns));
	return [title, ...lines].join("\n");
}

function keyText(
	{ key, meaning, values }: TunableDocs["keys"][number],
	columns: number | undefined,
): string {
	const lines = [meaning, `Values: ${values}`].map((text) =>
		paragraph(text, 4, columns),
	);
	return [`  ${key}`, ...lines].join("\n");
}

/** The documentation of a tunable, to read before declaring it. */
export function explanationText(one: Explanation, columns?: number): string {
	const example = one.example.split("\n").map((line) => `  ${line}`);
	const about = (title: string, ...paragraphs: readonly string[]) =>
		section(columns, title, ...paragraphs);
	return [
		`${one.name}: ${one.summary}`,
		["Keys", ...one.keys.map((key) => keyText(key, columns))].join("\n"),
		about("Needs a reboot", reboots[one.needsReboot]),
		about("Layers", one.layers.join(", ")),
		about("Kept for the next boot by", one.persistence),
		about("Risks", ...one.risks),
		about("Cannot be undone", one.cannotBeUndone),
		about("Sources", ...one.sources),
		["Example", ...example].join("\n"),
	].join("\n\n");
}

export const catalogueFormats = {
	text: catalogueText,
	json: printableJson,
} as const satisfies Renderers<readonly Explanation[]>;

export const explanationFormats = {
	text: explanationText,
	json: printableJson,
} as const satisfies Renderers<Explanation>;
