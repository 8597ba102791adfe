/** `metaltune import tuned`: a TuneD profile as an inventory's YAML. */
import type { Command } from "commander";
import { stringify } from "yaml";
import { printable } from "../../model/printable";
import { importTuned } from "../importTuned/tunedTuning";
import { fileText } from "../jsonFile";
import { print } from "../print";

async function tuned(path: string): Promise<void> {
	const { tuning, left } = importTuned(fileText(path, "a TuneD profile"));
	for (const { line, why } of left) {
		console.error(printable(`${path}:${line}: ${why}`));
	}
	await print(stringify({ tuning }));
	process.exitCode = left.length === 0 ? 0 : 2;
}

/** Adds the command to `parent`. */
export function add(parent: Command): void {
	parent
		.command("tuned")
		.summary("print a TuneD profile as an inventory's YAML")
		.description(
			`Prints the keys that have the effect of a profile's options, for the plugins
sysctl, sysfs, cpu, vm, net and bootloader. What cannot be mapped, or what the
inventory refuses, is listed on stderr with its line. Profiles that it includes are named, not read.
Exit code: 0 all was mapped; 2 something was not; 1 the file cannot be read.`,
		)
		.argument("<file>", "a tuned.conf")
		.addHelpText(
			"after",
			`
Examples:
  $ metaltune import tuned /etc/tuned/mine/tuned.conf >hosts/profiles/mine.yaml
  $ metaltune validate`,
		)
		.action(tuned);
}
