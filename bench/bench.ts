/** `npm run bench`: the cost of metaltune on a fleet of simulated hosts. */
import { Command } from "commander";
import { wholeNumber } from "../cli/options";
import { bench } from "./benchRun";
import { asJson, asText } from "./results";

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
	process.once(signal, () => stop.abort(new Error(`ended by ${signal}`)));
}

new Command("bench")
	.description(
		"Measures converge, no-op, refresh and state of a fleet of simulated hosts with 60 settings each.",
	)
	.option("--hosts <number>", "how many hosts", wholeNumber, 10)
	.option(
		"--repeats <number>",
		"runs of everything but the first converge; the least counts",
		wholeNumber,
		3,
	)
	.option("--json", "figures as JSON on standard output")
	.addHelpText(
		"after",
		`
Examples:
  npm run bench -- --hosts 50
  npm run --silent bench -- --hosts 200 --repeats 1 --json > 200.json
  METALTUNE_REAL_COMMAND_PROVIDER=/path/to/pulumi-resource-command npm run bench

Needs bin/setup. What the figures mean: docs/performance.md.`,
	)
	.action(async ({ hosts, repeats, json }) => {
		const progress = (text: string) => console.error(`bench: ${text}`);
		const result = await bench({
			hosts,
			repeats,
			progress,
			signal: stop.signal,
		});
		console.log(
			json === true
				? JSON.stringify(asJson(result), undefined, 2)
				: asText(result),
		);
	})
	.parseAsync()
	.catch((error: Error) => {
		console.error(`bench: ${error.message}`);
		process.exitCode = 1;
	});
