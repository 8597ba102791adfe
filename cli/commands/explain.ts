/** `metaltune explain`: the catalogue of tunables. */
import type { Command } from "commander";
import { applications } from "../../applications/settings";
import { suggestion } from "../../model/nearest";
import {
	catalogueText,
	explanations,
	explanationText,
} from "../../reports/explain";
import { printableJson } from "../../reports/json";
import { tunables } from "../../tunables/registry";

function explain(name: string | undefined, options: { json?: true }): void {
	const all = explanations([...tunables, applications]);
	if (name === undefined) {
		console.log(
			options.json === true ? printableJson(all) : catalogueText(all),
		);
		return;
	}
	const one = all.find((each) => each.name === name);
	if (one === undefined) {
		const names = all.map((each) => each.name);
		throw new Error(
			`expected the name of a tunable, got ${JSON.stringify(name)}${suggestion(name, names) || `; known: ${names.join(", ")}`}`,
		);
	}
	console.log(
		options.json === true ? printableJson(one) : explanationText(one),
	);
}

/** Adds the command to `program`. */
export function addExplain(program: Command): void {
	program
		.command("explain")
		.summary("say what a tunable does, costs and cannot undo")
		.description(
			"Lists the tunables, or explains one: its keys, risks, how it is kept for the next\nboot, the kernel's documents, and an example for the inventory.\nExit code: 0, or 1 for a name that is not known.",
		)
		.argument("[tunable]", "as under `tuning` in an inventory")
		.option("--json", "print JSON instead of text")
		.action(explain);
}
