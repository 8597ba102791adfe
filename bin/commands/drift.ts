/** `metaltune drift`: which key of which host is not as declared. */
import { writeFileSync } from "node:fs";
import { extname } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { type DriftReport, driftExitCode } from "../../reports/drift";
import { driftJunit } from "../../reports/driftJunit";
import { driftMarkdown } from "../../reports/driftMarkdown";
import { driftText } from "../../reports/driftText";
import { printableJson } from "../../reports/json";
import {
	chosenHosts,
	driftOf,
	targetsOfInventory,
	targetsOfStack,
} from "../drift";
import {
	formatOption,
	jsonOption,
	parallelOption,
	timeoutOption,
} from "../options";

const formats = {
	table: driftText,
	json: printableJson,
	junit: driftJunit,
	markdown: driftMarkdown,
} as const satisfies { [name: string]: (report: DriftReport) => string };

const formatOfEnding: { readonly [ending: string]: keyof typeof formats } = {
	".txt": "table",
	".json": "json",
	".xml": "junit",
	".md": "markdown",
};

interface Options {
	readonly stack?: string;
	readonly host?: readonly string[];
	readonly format: keyof typeof formats;
	readonly json?: true;
	readonly write?: readonly string[];
	readonly parallel: number;
	readonly timeout?: number;
}

function reportFile(path: string, earlier: readonly string[] = []) {
	if (formatOfEnding[extname(path)] === undefined) {
		throw new InvalidArgumentError(
			`expected a file that ends in ${Object.keys(formatOfEnding).join(", ")}`,
		);
	}
	return [...earlier, path];
}

function source(directory: string | undefined, stack: string | undefined) {
	if (stack === undefined) {
		const inventory = directory ?? "hosts";
		return { targets: targetsOfInventory(inventory), judged: { inventory } };
	}
	if (directory !== undefined) {
		throw new Error(
			`expected an inventory directory or --stack, got both: ${directory} and ${stack}; the stack knows what it has deployed`,
		);
	}
	return { targets: targetsOfStack(stack), judged: { stack } };
}

/** Resolves when the text has left this process, however long it is. */
function print(text: string): Promise<void> {
	return new Promise((resolve) => {
		process.stdout.write(`${text.trimEnd()}\n`, () => resolve());
	});
}

async function drift(
	directory: string | undefined,
	options: Options,
): Promise<void> {
	const { targets, judged } = source(directory, options.stack);
	const format = options.json === true ? "json" : options.format;
	const report = await driftOf(chosenHosts(targets, options.host), judged, {
		...options,
		showProgress: format === "table",
	});
	for (const path of options.write ?? []) {
		const text = formats[formatOfEnding[extname(path)] ?? "table"](report);
		writeFileSync(path, `${text.trimEnd()}\n`);
	}
	await print(formats[format](report));
	// A host that hangs holds its connection open, and this process with it.
	process.exit(driftExitCode(report));
}

const description = `Asks every host over one SSH connection what it is, changes nothing, and shows
what is not as declared: now (live), and after the next boot.
Without --stack hosts are held against the inventory, whether it is deployed
or not; needs no Pulumi. With it, against what that stack has deployed, with the
stack's own logins and secrets: what \`pulumi refresh\` would find.
Exit code: 0 clean; 2 drift; 1 could not tell, also when others have drifted.`;

/** Adds the command to `program`. */
export function addDrift(program: Command): void {
	program
		.command("drift")
		.summary("show what on which host is not as declared")
		.description(description)
		.argument("[directory]", "the inventory (default: hosts)")
		.option("--stack <name>", "judge by what this stack has deployed")
		.option("--host <name...>", "only these hosts")
		.addOption(formatOption(formats, "table"))
		.addOption(jsonOption())
		.option(
			"--write <file>",
			"also write the report here: .txt, .json, .xml (JUnit) or .md; repeatable",
			reportFile,
		)
		.addOption(parallelOption())
		.addOption(timeoutOption())
		.addHelpText(
			"after",
			`
Examples:
  $ metaltune drift                                 against hosts/*.yaml
  $ metaltune drift --stack prod --host fx-1 fx-2
  $ metaltune drift --stack prod --write drift.xml --write drift.md
  $ metaltune drift --json | jq '.hosts[] | select(.status != "clean")'`,
		)
		.action(drift);
}
