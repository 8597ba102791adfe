/** `metaltune repair`: repairs the hosts that have drifted, and no others. */
import type { Command } from "commander";
import { driftFormats } from "../../reports/driftFormats";
import { repairText } from "../../reports/repairText";
import {
	carryOut,
	planRepair,
	type RepairOptions,
	repairExitCode,
} from "../carryOutRepair";
import {
	hostOption,
	parallelOption,
	stackOption,
	timeoutOption,
} from "../options";
import { printReport } from "../print";

async function repair(options: RepairOptions): Promise<void> {
	const planned = await planRepair(options);
	const { report, plan, runs } = planned;
	const said = repairText(plan);
	await printReport(driftFormats, report, { format: "text" });
	process.stdout.write(said);
	if (runs.length === 0) {
		if (plan.refused.length === 0) console.log("nothing to repair");
		process.exit(repairExitCode(planned, 0));
	}
	const code = await carryOut(planned, options);
	// Printed again, because Pulumi's output is long.
	process.stdout.write(said);
	process.exit(repairExitCode(planned, code));
}

const description = `The way on after a failure, also while a part of the fleet is down. Looks at every
host as \`metaltune drift --stack\` does, then runs \`pulumi up --refresh\` limited to
the hosts that answer and have drifted, whose last \`pulumi up\` did not complete, or
that were installed again and answer by the host key that the inventory has now.
Hosts that do not answer are named and left alone.
Pulumi shows the plan and asks, unless --yes is given. A host of which the inventory
says something else than what is deployed is refused, as its repair would deploy that
too; and so is one that the inventory no longer has, as its repair would destroy it.
Exit code: that of \`pulumi up\` when that fails; else 2 when a host was refused, 1 when
a host did not answer or could not be judged, 0 when every host is as deployed.`;

/** Adds the command to `program`. */
export function add(program: Command): void {
	program
		.command("repair")
		.summary("bring back what answers and is not as deployed")
		.description(description)
		.addOption(stackOption("another stack than the selected one"))
		.addOption(hostOption())
		.option("--yes", "do it without asking")
		.option(
			"--with-undeployed-changes",
			"deploy what the inventory says now, of every host that answers",
		)
		.addOption(parallelOption())
		.addOption(timeoutOption())
		.addHelpText(
			"after",
			`
Examples:
  $ metaltune repair                       look, show the plan, ask, repair
  $ metaltune repair --stack prod --host fx-1
  $ metaltune repair --stack prod --yes    in a job`,
		)
		.action(repair);
}
