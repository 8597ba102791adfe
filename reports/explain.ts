/** The catalogue of tunables, for `metaltune explain`. */
import type { Tunable, TunableDocs } from "../inventory/tunable";
import { table } from "./table";

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
export function catalogueText(all: readonly Explanation[]): string {
	const rows = all.map(({ name, summary, layers, needsReboot }) => [
		name,
		summary,
		layers.join(", "),
		reboots[needsReboot],
	]);
	return table(["tunable", "sets", "layers", "reboot"], rows);
}

/** Breaks a paragraph at spaces, each line indented by two. */
function paragraph(text: string): string {
	const lines: string[] = [];
	for (const word of text.split(" ")) {
		const last = lines.at(-1);
		if (last !== undefined && last.length + word.length < 76) {
			lines[lines.length - 1] = `${last} ${word}`;
		} else lines.push(word);
	}
	return lines.map((line) => `  ${line}`).join("\n");
}

function section(title: string, ...paragraphs: readonly string[]): string {
	return [title, ...paragraphs.map(paragraph)].join("\n");
}

/** Everything there is to know before declaring a tunable. */
export function explanationText(one: Explanation): string {
	const example = one.example.split("\n").map((line) => `  ${line}`);
	return [
		`${one.name}: ${one.summary}`,
		["Keys", ...one.keys.map(keyText)].join("\n"),
		section("Needs a reboot", reboots[one.needsReboot]),
		section("Layers", one.layers.join(", ")),
		section("Kept for the next boot by", one.persistence),
		section("Risks", ...one.risks),
		section("Cannot be undone", one.cannotBeUndone),
		section("Sources", ...one.sources),
		["Example", ...example].join("\n"),
	].join("\n\n");
}

function keyText(key: TunableDocs["keys"][number]): string {
	return `  ${key.key}\n${[key.meaning, `Values: ${key.values}`]
		.map((text) => paragraph(text).replace(/^/gm, "  "))
		.join("\n")}`;
}
