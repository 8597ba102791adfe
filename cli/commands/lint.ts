/** `metaltune lint`: what the rules find in an inventory, without an engine. */
import type { Command } from "commander";
import { rules } from "../../policies/ruleRegistry";
import { lintFormats, refusals, ruleFormats } from "../../reports/lintFormats";
import { type FormatChoice, inventoryOption, withFormats } from "../options";
import { printReport } from "../print";
import {
	configOption,
	lintReport,
	type RulesChoice,
} from "../rulesConfiguration";

interface Options extends FormatChoice, RulesChoice {
	readonly rules?: true;
}

async function run(options: Options): Promise<void> {
	if (options.rules === true) {
		await printReport(ruleFormats, rules, options);
		return;
	}
	const report = lintReport(options);
	await printReport(lintFormats, report, options);
	process.exitCode = refusals(report) > 0 ? 2 : 0;
}

/** Adds the command to `program`. */
export function add(program: Command): void {
	withFormats(program.command("lint"), lintFormats)
		.summary("judge an inventory by the rules, without an engine")
		.description(
			`Judges an inventory by the rules of the policy pack, each finding with its place
in the YAML; needs neither Pulumi nor a connection.
Exit code: 0 nothing but advisories; 2 findings; 1 the inventory or the
configuration is wrong.`,
		)
		.addOption(inventoryOption())
		.addOption(configOption())
		.option("--rules", "show the rules themselves")
		.addHelpText(
			"after",
			`
Examples:
  $ metaltune lint
  $ metaltune lint --format github        annotates a pull request's lines
  $ metaltune lint --config strict.json
  $ metaltune lint --rules`,
		)
		.action(run);
}
