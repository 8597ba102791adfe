/** `metaltune checklist`: whether a machine meets its checklist. */
import type { Command } from "commander";
import { checklistExitCode } from "../../observe/checklist/checklistReport";
import { checklistFormats } from "../../reports/checklistText";
import { type ChecklistOptions, checklistOf } from "../hostChecklist";
import {
	type FormatChoice,
	inventoryOption,
	stackOption,
	timeoutOption,
	watchOption,
	withFormats,
} from "../options";
import { printReport } from "../print";

async function checklist(
	host: string,
	options: ChecklistOptions & FormatChoice,
): Promise<void> {
	const report = await checklistOf(host, options);
	// A host that hangs keeps its connection, and so this process, open.
	if (typeof report === "string") {
		console.error(`metaltune: ${report}`);
		process.exit(1);
	}
	await printReport(checklistFormats, report, options);
	process.exit(checklistExitCode(report));
}

const description = `Asks one host over one SSH connection, changes nothing, and shows every item of
its checklist with what was read and where. If an item is \`measured\`, it also
watches for some seconds what the host's CPUs do. The checklist is \`checklist\` in
the inventory.
\`drift\` says whether all hosts are as declared; \`status\`, what the last
\`pulumi up\` proved, without a connection.
Exit code: 0 every item is ok or not applicable; 2 one is not ok; 1 undetermined:
the host was unreachable, or a value unreadable.`;

/** Adds the command to `program`. */
export function add(program: Command): void {
	withFormats(program.command("checklist"), checklistFormats)
		.summary("go through the checklist of a host, with evidence")
		.description(description)
		.argument("<host>", "as the inventory names it")
		.addOption(inventoryOption())
		.addOption(stackOption("with the logins and settings of this stack"))
		.addOption(timeoutOption())
		.addOption(watchOption())
		.addHelpText(
			"after",
			`
Examples:
  $ metaltune checklist fx-store-1
  $ metaltune checklist fx-store-1 --watch 60
  $ metaltune checklist fx-store-1 --format markdown >checklist.md
  $ metaltune checklist fx-store-1 --json | jq '.items[] | select(.verdict == "notOk")'`,
		)
		.action(checklist);
}
