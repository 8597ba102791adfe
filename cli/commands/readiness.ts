/** `metaltune readiness`: what a stack's last `pulumi up` proved. */
import type { Command } from "commander";
import { printableJson } from "../../reports/json";
import {
	parseReadiness,
	readinessExitCode,
	readinessText,
} from "../../reports/readiness";
import { pulumiOutput } from "../pulumi";

function readinessOutput(stack: string | undefined): string {
	const chosen = stack === undefined ? [] : ["--stack", stack];
	return pulumiOutput(
		["stack", "output", "readiness", "--json", ...chosen],
		"expected a stack that has been brought up, but pulumi could not show its readiness, see above; run `pulumi up` first, or name another stack with --stack",
	);
}

function showReadiness(options: { stack?: string; json?: true }): void {
	const fleet = parseReadiness(readinessOutput(options.stack));
	console.log(
		options.json === true ? printableJson(fleet) : readinessText(fleet),
	);
	process.exitCode = readinessExitCode(fleet);
}

/** Adds the command to `program`. */
export function addReadiness(program: Command): void {
	program
		.command("readiness")
		.summary("show what the last `pulumi up` proved of every host")
		.description(
			"Shows the stack's readiness output: nothing is asked of the hosts. To see\ndrift, run `metaltune drift --stack`.\nExit code: 0 every setting is in effect, or cannot exist on its host;\n2 a host waits for a reboot; 1 could not tell.",
		)
		.option("--stack <name>", "another stack than the selected one")
		.option("--json", "print JSON instead of a table")
		.action(showReadiness);
}
