/** `metaltune repair`: brings the hosts that have drifted back, and no other. */
import type { Command } from "commander";
import type { StackTarget } from "../../drift/fromStack";
import { undeployedChanges } from "../../drift/undeployed";
import { printable } from "../../inventory/printable";
import { driftText } from "../../reports/driftText";
import { type RepairPlan, repairPlan } from "../../reports/repair";
import {
	chosenHosts,
	driftOf,
	inventoryOfStack,
	selectedStack,
	targetsOfStack,
} from "../drift";
import { parallelOption, timeoutOption } from "../options";
import { pulumiForPerson } from "../pulumi";

interface Options {
	readonly stack?: string;
	readonly host?: readonly string[];
	readonly yes?: true;
	readonly withUndeployedChanges?: true;
	readonly parallel: number;
	readonly timeout: number;
}

function sayWhatIsLeft({ left, deployedToo, refused }: RepairPlan): void {
	for (const sentence of [
		...refused.map((each) => `refused: ${each}`),
		...deployedToo.map((each) => `deployed too: ${each}`),
		...left.map((each) => `left alone: ${each}`),
	]) {
		console.log(printable(sentence));
	}
}

// A host that stays as it is is no success, whatever became of the others.
function exitCode({ refused }: RepairPlan, otherwise: number): number {
	return otherwise === 0 && refused.length > 0 ? 2 : otherwise;
}

function upArguments(
	stack: string,
	yes: true | undefined,
	urns: readonly string[],
) {
	return [
		"up",
		"--refresh",
		"--diff",
		"--stack",
		stack,
		...(yes === true ? ["--yes"] : []),
		...urns.flatMap((urn) => ["--target", urn]),
	];
}

/** By host that the inventory has, what its repair would deploy as well. */
function undeployedOf(stack: string, targets: readonly StackTarget[]) {
	const specs = new Map(
		inventoryOfStack(stack).map((spec) => [spec.name, spec] as const),
	);
	return new Map(
		targets.flatMap((target) => {
			const spec = specs.get(target.name);
			return spec === undefined
				? []
				: [[target.name, undeployedChanges(target, spec)] as const];
		}),
	);
}

async function repair(options: Options): Promise<void> {
	if (options.yes !== true && !process.stdin.isTTY) {
		throw new Error(
			"expected a terminal, on which the plan can be confirmed, or --yes",
		);
	}
	const stack = options.stack ?? selectedStack();
	const targets = chosenHosts(targetsOfStack(stack), options.host);
	const undeployed = undeployedOf(stack, targets);
	const report = await driftOf(
		targets,
		{ stack },
		{ ...options, showProgress: true },
	);
	console.log(driftText(report));
	const plan = repairPlan(
		report.hosts,
		undeployed,
		options.withUndeployedChanges === true,
	);
	sayWhatIsLeft(plan);
	if (plan.repair.length === 0) {
		if (plan.refused.length === 0) console.log("nothing to repair");
		process.exit(exitCode(plan, report.result === "unknown" ? 1 : 0));
	}
	const urns = targets
		.filter(({ name }) => plan.repair.includes(name))
		.flatMap((target) => target.urns);
	const code = await pulumiForPerson(upArguments(stack, options.yes, urns));
	sayWhatIsLeft(plan);
	process.exit(exitCode(plan, code));
}

const description = `Looks for drift as \`metaltune drift --stack\` does, then runs \`pulumi up --refresh\`
limited to the hosts that have drifted. Pulumi shows the plan and asks, unless
--yes is given. A host of which the inventory says something else than what is
deployed is refused, as its repair would deploy that too; and so is one that the
inventory no longer has, as its repair would destroy it.
Exit code: that of \`pulumi up\`, or 0 when there is nothing to repair; instead of
0, 2 when a host that has drifted was refused; 1 when a host could not be judged
and there was nothing else to do.`;

/** Adds the command to `program`. */
export function addRepair(program: Command): void {
	program
		.command("repair")
		.summary("bring the hosts that have drifted back")
		.description(description)
		.option("--stack <name>", "another stack than the selected one")
		.option("--host <name...>", "only these hosts")
		.option("--yes", "do it without asking")
		.option(
			"--with-undeployed-changes",
			"deploy what the inventory says now, of the hosts that have drifted",
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
