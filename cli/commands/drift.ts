/** `metaltune drift`: which key of which host is not as declared. */
import type { Command } from "commander";
import { driftExitCode } from "../../observe/drift/driftReport";
import { driftFormats } from "../../reports/driftFormats";
import { type DriftOptions, driftOfHosts } from "../driftQuery";
import {
	hostOption,
	inventoryOption,
	parallelOption,
	stackOption,
	timeoutOption,
	withFormats,
} from "../options";
import { printReport } from "../print";
import { reportFile, writeReports } from "../reportFiles";

interface Options extends DriftOptions {
	readonly write?: readonly string[];
}

async function drift(options: Options): Promise<void> {
	const report = await driftOfHosts(options);
	writeReports(driftFormats, report, options.write ?? []);
	await printReport(driftFormats, report, options);
	// A host that hangs keeps its connection, and so this process, open.
	process.exit(driftExitCode(report));
}

const description = `Asks every host over one SSH connection what it is, changes nothing, and shows
what is not as declared: now (live), and after the next boot.
Without --stack hosts are held against the inventory, whether it is deployed
or not; needs no Pulumi. With it, against what that stack has deployed, with the
stack's own logins and secrets: what \`pulumi refresh\` would find.
Exit code: 0 clean; 2 drift; 1 undetermined: a host was unreachable, or a value
unreadable, also when others have drifted.`;

/** Adds the command to `program`. */
export function add(program: Command): void {
	withFormats(program.command("drift"), driftFormats)
		.summary("show what on which host is not as declared")
		.description(description)
		.addOption(inventoryOption().conflicts("stack"))
		.addOption(stackOption("judge by what this stack has deployed"))
		.addOption(hostOption())
		.option(
			"--write <file>",
			"also write the report here: .txt, .json, .xml (JUnit) or .md; repeatable",
			reportFile(driftFormats),
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
