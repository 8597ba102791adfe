/** `metaltune plan`: what `pulumi up` would change on a live host. */
import type { Command } from "commander";
import { inventoryTargets } from "../../observe/drift/fromInventory";
import { hostPlan, planExitCode } from "../../observe/drift/hostPlan";
import { observeAlone } from "../../observe/drift/observe";
import { planFormats } from "../../reports/planFormats";
import { namedHost } from "../namedHost";
import {
	type FormatChoice,
	type InventoryChoice,
	inventoryOption,
	timeoutOption,
	withFormats,
} from "../options";
import { printReport } from "../print";

interface Options extends InventoryChoice, FormatChoice {
	/** Seconds. */
	readonly timeout?: number;
}

async function plan(host: string, options: Options): Promise<void> {
	const { spec } = namedHost(host, options.inventory);
	const next = "run `pulumi preview --refresh`, which has the stack's secrets";
	for (const target of inventoryTargets([spec], next)) {
		const asked = await observeAlone(target, options.timeout, 0);
		// A host that hangs keeps its connection, and so this process, open.
		if ("why" in asked) {
			console.error(`metaltune: ${host}: ${asked.why}`);
			process.exit(1);
		}
		const planned = hostPlan(target, asked.answer.probe);
		await printReport(planFormats, planned, options);
		process.exit(planExitCode(planned));
	}
}

/** Adds the command to `program`. */
export function add(program: Command): void {
	withFormats(program.command("plan"), planFormats)
		.summary("show what `pulumi up` would change on a host")
		.description(
			`Asks one host over one SSH connection, changes nothing, and shows the old and the
new value of every key that differs: now (live), and after the next boot. It
needs no Pulumi and no stack. Keys that are no longer declared are not listed.
Exit code: 0 nothing to change; 2 changes; 1 undetermined: the host was
unreachable, or a value unreadable.`,
		)
		.argument("<host>", "as the inventory names it")
		.addOption(inventoryOption())
		.addOption(timeoutOption())
		.addHelpText(
			"after",
			`
Examples:
  $ metaltune plan fx-store-1
  $ metaltune plan fx-store-1 --json | jq '.changes[] | select(.by == "reboot")'`,
		)
		.action(plan);
}
