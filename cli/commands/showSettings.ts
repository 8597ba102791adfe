/** `metaltune settings`: what a host's description declares. */
import type { Command } from "commander";
import { declaredOf, settingsFormats } from "../../reports/settingsFormats";
import { namedHost } from "../namedHost";
import {
	type FormatChoice,
	type InventoryChoice,
	inventoryOption,
	withFormats,
} from "../options";
import { printReport } from "../print";

function settings(
	host: string,
	options: InventoryChoice & FormatChoice,
): Promise<void> {
	const { spec } = namedHost(host, options.inventory);
	return printReport(settingsFormats, declaredOf(spec), options);
}

/** Adds the command to `program`. */
export function add(program: Command): void {
	withFormats(program.command("settings"), settingsFormats)
		.summary("print every setting that a host's description declares")
		.description(
			`Prints what \`pulumi up\` would declare on a host, in the order in which it is
applied, without a connection and without Pulumi. The text is TSV with a header.
Contents of files are left out; their hashes are shown, or the name of the
stack's secret that holds one.
Exit code: 0, or 1 when the inventory is wrong or has no such host.`,
		)
		.argument("<host>", "as the inventory names it")
		.addOption(inventoryOption())
		.addHelpText(
			"after",
			`
Examples:
  $ metaltune settings fx-store-1
  $ metaltune settings fx-store-1 | grep ^sysctl
  $ metaltune settings fx-store-1 --json | jq -r '.settings[] | .tunable + "." + .key'`,
		)
		.action(settings);
}
