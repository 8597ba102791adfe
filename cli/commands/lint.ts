/** `metaltune lint`: what the rules find in an inventory, without an engine. */
import type { Command } from "commander";
import { sections } from "../../applications/sections";
import { loadLocated } from "../../inventory/load";
import { dayOf } from "../../policies/judge";
import { type LintReport, lint } from "../../policies/lint";
import { rules } from "../../policies/registry";
import { printableJson } from "../../reports/json";
import {
	lintGithub,
	lintMarkdown,
	lintTable,
	lintText,
	refusals,
	rulesMarkdown,
	rulesTable,
} from "../../reports/lint";
import { formatOption, jsonOption } from "../options";
import { configOption, configurationIn } from "../rulesConfiguration";

const formats = {
	text: lintText,
	table: lintTable,
	json: printableJson,
	github: lintGithub,
	markdown: lintMarkdown,
} as const satisfies { [name: string]: (report: LintReport) => string };

interface Options {
	readonly format: keyof typeof formats;
	readonly config?: string;
	readonly json?: true;
	readonly rules?: true;
}

function rulesText(format: Options["format"]): string {
	if (format === "markdown") return rulesMarkdown(rules);
	if (format !== "json") return rulesTable(rules);
	return printableJson(rules.map(({ judge: _, ...about }) => about));
}

function print(text: string): void {
	process.stdout.write(`${text.trimEnd()}\n`);
}

function run(directory: string, options: Options): void {
	const format = options.json === true ? "json" : options.format;
	if (options.rules === true) {
		print(rulesText(format));
		return;
	}
	const configuration = configurationIn(options.config);
	const today = dayOf(new Date());
	const report = lint(rules, loadLocated(directory, sections), {
		configuration,
		today,
	});
	print(formats[format](report));
	process.exitCode = refusals(report) > 0 ? 2 : 0;
}

/** Adds the command to `program`. */
export function addLint(program: Command): void {
	program
		.command("lint")
		.summary("judge an inventory by the rules, without an engine")
		.description(
			`Judges an inventory by the rules of the policy pack, each finding with its place
in the YAML; needs neither Pulumi nor a connection.
Exit code: 0 nothing but advisories; 2 findings; 1 the inventory or the
configuration is wrong.`,
		)
		.argument("[directory]", "one YAML file per group of machines", "hosts")
		.addOption(formatOption(formats, "text"))
		.addOption(jsonOption())
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
