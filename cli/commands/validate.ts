/** `metaltune validate`: checks an inventory without any connection. */
import type { Command } from "commander";
import { sections } from "../../applications/sections";
import { loadInventory } from "../../inventory/load";
import { hostFormats } from "../../reports/hostFormats";
import { type InventoryChoice, inventoryOption } from "../options";
import { printReport } from "../print";

/** Adds the command to `program`. */
export function add(program: Command): void {
	program
		.command("validate")
		.summary("check an inventory and show its hosts")
		.description(
			"Reads an inventory as `pulumi up` would, without a connection.\nExit code: 0 it is right, 1 it is not; every problem is shown with its place.",
		)
		.addOption(inventoryOption())
		.action(({ inventory }: InventoryChoice) =>
			printReport(hostFormats, loadInventory(inventory, sections), {
				format: "text",
			}),
		);
}
