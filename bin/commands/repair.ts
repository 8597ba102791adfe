/** `metaltune repair`: brings the hosts that have drifted back, and no other. */
import type { Command } from "commander";
import {
	allUrns,
	blockedHosts,
	notDeployed,
	throughNewKeys,
	undeployedOf,
	unfinishedOf,
} from "../../drift/expected";
import type { StackTarget } from "../../drift/fromStack";
import type { HostSpec } from "../../inventory/hostSpec";
import { printableLines } from "../../inventory/printable";
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
	readonly timeout?: number;
}

function say({
	left,
	deployedToo,
	refused,
	reasons,
}: Omit<RepairPlan, "repair">) {
	for (const sentence of [
		...refused.map((each) => `refused: ${each}`),
		...reasons.map((each) => `repaired too: ${each}`),
		...deployedToo.map((each) => `deployed too: ${each}`),
		...left.map((each) => `left alone: ${each}`),
	]) {
		console.log(printableLines(sentence));
	}
}

// A host that stays as it is is no success, whatever became of the others.
function exitCode(
	{ refused, isWhole }: { refused: readonly string[]; isWhole: boolean },
	ups: number,
): number {
	if (ups !== 0) return ups;
	return refused.length > 0 ? 2 : isWhole ? 0 : 1;
}

function upArguments(
	stack: string,
	{ yes }: Options,
	{ refresh, urns }: Run,
): readonly string[] {
	return [
		"up",
		// The state's login to a machine that was installed again is of no use.
		...(refresh ? ["--refresh"] : []),
		"--diff",
		"--continue-on-error",
		"--stack",
		stack,
		...(yes === true ? ["--yes"] : []),
		...urns.flatMap((urn) => ["--target", urn]),
	];
}

/** One `pulumi up`. */
interface Run {
	readonly refresh: boolean;
	readonly urns: readonly string[];
}

function runsOf(
	targets: readonly StackTarget[],
	specs: readonly HostSpec[],
	renewed: ReadonlySet<string>,
): readonly Run[] {
	const urnsOf = (isRenewed: boolean) => {
		const chosen = targets.filter(
			({ name }) => renewed.has(name) === isRenewed,
		);
		return [...new Set(chosen.flatMap((each) => allUrns(each, specs)))];
	};
	return [
		{ refresh: false, urns: urnsOf(true) },
		{ refresh: true, urns: urnsOf(false) },
	].filter(({ urns }) => urns.length > 0);
}

async function repair(options: Options): Promise<void> {
	if (options.yes !== true && !process.stdin.isTTY) {
		throw new Error(
			"expected a terminal, on which the plan can be confirmed, or --yes",
		);
	}
	const stack = options.stack ?? selectedStack();
	const all = targetsOfStack(stack);
	const specs = inventoryOfStack(stack);
	const chosen = chosenHosts(all, options.host);
	const { looked, renewed } = throughNewKeys(chosen, specs);
	const report = await driftOf(
		looked,
		{ stack },
		{ ...options, showProgress: true },
	);
	console.log(driftText(report));
	const plan = repairPlan(report.hosts, undeployedOf(chosen, specs), {
		accepts: options.withUndeployedChanges === true,
		unfinished: unfinishedOf(chosen, specs),
		renewed,
	});
	const blocked = blockedHosts(specs, all, plan.repair);
	const waiting = [...blocked].map(
		([name, before]) =>
			`${name}: waits for ${before}, which comes before it in the rollout and was never ready; repair ${before}, or take it out of the inventory`,
	);
	const others = options.host === undefined ? notDeployed(all, specs) : [];
	const said = { ...plan, left: [...plan.left, ...waiting, ...others] };
	say(said);
	const targets = chosen.filter(
		({ name }) => plan.repair.includes(name) && !blocked.has(name),
	);
	const isWhole = report.result !== "unknown" && waiting.length === 0;
	if (targets.length === 0) {
		if (plan.refused.length === 0) console.log("nothing to repair");
		process.exit(exitCode({ ...plan, isWhole }, 0));
	}
	let code = 0;
	for (const run of runsOf(targets, specs, renewed)) {
		const ended = await pulumiForPerson(upArguments(stack, options, run));
		if (code === 0) code = ended;
	}
	say(said);
	process.exit(exitCode({ ...plan, isWhole }, code));
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
export function addRepair(program: Command): void {
	program
		.command("repair")
		.summary("bring back what answers and is not as deployed")
		.description(description)
		.option("--stack <name>", "another stack than the selected one")
		.option("--host <name...>", "only these hosts")
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
