/** `metaltune validate`: whether an inventory is right, without a connection. */
import type { Command } from "commander";
import { sections } from "../../applications/sections";
import { loadInventory } from "../../inventory/load";
import { hostsText } from "../../reports/hosts";

/** Adds the command to `program`. */
export function addValidate(program: Command): void {
	program
		.command("validate")
		.summary("check an inventory and show its hosts")
		.description(
			"Reads an inventory directory as `pulumi up` would, without a connection.\nExit code: 0 it is right, 1 it is not; every problem is shown with its place.",
		)
		.argument("[directory]", "one YAML file per group of machines", "hosts")
		.action((directory: string) =>
			console.log(hostsText(loadInventory(directory, sections))),
		);
}
