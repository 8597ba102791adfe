/** What the command line of metaltune adds to Pulumi's; see `bin/metaltune`. */
import { spawnSync } from "node:child_process";
import { Command } from "commander";
import { loadInventory } from "../inventory/load";
import { suggestion } from "../inventory/nearest";
import { InventoryError } from "../inventory/problem";
import { inventorySchema } from "../inventory/schema";
import {
	catalogueText,
	explanations,
	explanationText,
} from "../reports/explain";
import { hostsText } from "../reports/hosts";
import {
	parseReadiness,
	readinessExitCode,
	readinessText,
} from "../reports/readiness";
import { terminalJson } from "../reports/terminalText";
import { hostProgram } from "../tunables/hostProgram";
import { tunables } from "../tunables/registry";

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
		options.json === true ? terminalJson(fleet) : readinessText(fleet),
	);
	process.exitCode = readinessExitCode(fleet);
}

function explain(name: string | undefined, options: { json?: true }): void {
	const all = explanations(tunables);
	if (name === undefined) {
		console.log(options.json === true ? terminalJson(all) : catalogueText(all));
		return;
	}
	const one = all.find((each) => each.name === name);
	if (one === undefined) {
		const names = all.map((each) => each.name);
		throw new Error(
			`expected the name of a tunable, got ${JSON.stringify(name)}${suggestion(name, names) || `; known: ${names.join(", ")}`}`,
		);
	}
	console.log(options.json === true ? terminalJson(one) : explanationText(one));
}

function cli(): Command {
	const program = new Command("metaltune")
		.description("Latency-tuned bare metal as code: what Pulumi does not show.")
		.addHelpText(
			"after",
			`
Examples:
  $ metaltune validate                     is everything in hosts/ right?
  $ metaltune explain smt                  what does it do, and cost?
  $ metaltune readiness                    what did the last up prove?
  $ metaltune readiness --stack prod --json
  $ metaltune program | less               what will run on the hosts?`,
		);
	program
		.command("validate")
		.summary("check an inventory and show its hosts")
		.description(
			"Reads an inventory directory as `pulumi up` would, without a connection.\nExit code: 0 it is right, 1 it is not; every problem is shown with its place.",
		)
		.argument("[directory]", "one YAML file per group of machines", "hosts")
		.action((directory: string) =>
			console.log(hostsText(loadInventory(directory, tunables))),
		);
	program
		.command("explain")
		.summary("say what a tunable does, costs and cannot undo")
		.description(
			"Lists the tunables, or explains one: its keys, risks, how it is kept for the next\nboot, the kernel's documents, and an example for the inventory.\nExit code: 0, or 1 for a name that is not known.",
		)
		.argument("[tunable]", "as under `tuning` in an inventory")
		.option("--json", "print JSON instead of text")
		.action(explain);
	program
		.command("readiness")
		.summary("show what the last `pulumi up` proved of every host")
		.description(
			"Shows the stack's readiness output: nothing is asked of the hosts. To see drift,\nrun `pulumi preview --refresh --diff`.\nExit code: 0 every setting is in effect, or cannot exist on its host;\n2 a host waits for a reboot; 1 could not tell.",
		)
		.option("--stack <name>", "another stack than the selected one")
		.option("--json", "print JSON instead of a table")
		.action(showReadiness);
	program
		.command("schema")
		.description("Prints the JSON Schema of inventory files, for editors.")
		.action(() => console.log(terminalJson(inventorySchema(tunables))));
	program
		.command("program")
		.description(
			"Prints the host program as `pulumi up` installs it, for a review or to install\nit by hand. It changes the machine it runs on.",
		)
		.action(() => {
			process.stdout.write(hostProgram().text);
		});
	return program;
}

cli()
	.parseAsync()
	.catch((error: Error) => {
		console.error(
			error instanceof InventoryError
				? error.message
				: `metaltune: ${error.message}`,
		);
		process.exitCode = 1;
	});
