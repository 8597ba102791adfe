/** `metaltune explain`: the catalogue of tunables. */
import type { Command } from "commander";
import { applications } from "../../applications/applicationSettings";
import { suggestion } from "../../model/nearest";
import {
	catalogueFormats,
	explanationFormats,
	explanations,
} from "../../reports/catalogueFormats";
import { tunables } from "../../tunables/registry";
import { type FormatChoice, withFormats } from "../options";
import { printReport } from "../print";

function explain(
	name: string | undefined,
	options: FormatChoice,
): Promise<void> {
	const all = explanations([...tunables, applications]);
	if (name === undefined) return printReport(catalogueFormats, all, options);
	const one = all.find((each) => each.name === name);
	if (one === undefined) {
		const names = all.map((each) => each.name);
		throw new Error(
			`expected the name of a tunable, got ${JSON.stringify(name)}${suggestion(name, names) || `; known: ${names.join(", ")}`}`,
		);
	}
	return printReport(explanationFormats, one, options);
}

/** Adds the command to `program`. */
export function add(program: Command): void {
	withFormats(program.command("explain"), catalogueFormats)
		.summary("say what a tunable does, costs and cannot undo")
		.description(
			"Lists the tunables, or explains one: its keys, risks, how it is kept for the next\nboot, the kernel's documents, and an example for the inventory.\nExit code: 0, or 1 for a name that is not known.",
		)
		.argument("[tunable]", "as under `tuning` in an inventory")
		.action(explain);
}
