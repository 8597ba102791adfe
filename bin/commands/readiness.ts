/** `metaltune readiness`: what a stack's last `pulumi up` proved. */
import { spawnSync } from "node:child_process";
import type { Command } from "commander";
import { printableJson } from "../../reports/json";
import {
	parseReadiness,
	readinessExitCode,
	readinessText,
} from "../../reports/readiness";

function readinessOutput(stack: string | undefined): string {
	const chosen = stack === undefined ? [] : ["--stack", stack];
	const done = spawnSync(
		"pulumi",
		["stack", "output", "readiness", "--json", ...chosen],
		{ stdio: ["inherit", "pipe", "inherit"], encoding: "utf8" },
	);
	if (done.error !== undefined) {
		throw new Error(
			`pulumi: expected it on PATH, got ${done.error.message}; run bin/setup`,
		);
	}
	if (done.status !== 0) {
		throw new Error(
			"expected a stack that has been brought up, but pulumi could not show its readiness, see above; run `pulumi up` first, or name another stack with --stack",
		);
	}
	return done.stdout;
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
			"Shows the stack's readiness output: nothing is asked of the hosts. To see drift,\nrun `pulumi preview --refresh --diff`.\nExit code: 0 every setting is in effect, or cannot exist on its host;\n2 a host waits for a reboot; 1 could not tell.",
		)
		.option("--stack <name>", "another stack than the selected one")
		.option("--json", "print JSON instead of a table")
		.action(showReadiness);
}
