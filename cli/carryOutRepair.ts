/** `metaltune repair`: queries hosts, plans, and runs `pulumi up`. */
import type { HostSpec } from "../model/hostSpec";
import type { DriftReport } from "../observe/drift/driftReport";
import {
	allUrns,
	blockedHosts,
	notDeployed,
	throughNewKeys,
	undeployedOf,
	unfinishedOf,
} from "../observe/drift/expected";
import type { StackTarget } from "../observe/drift/fromStack";
import { type RepairPlan, repairPlan } from "../observe/drift/repairPlan";
import {
	chosenHosts,
	driftOf,
	inventoryOfStack,
	selectedStack,
	targetsOfStack,
} from "./driftQuery";
import type { Asking } from "./options";
import { pulumiForPerson } from "./pulumi";

export interface RepairOptions extends Asking {
	readonly stack?: string;
	readonly host?: readonly string[];
	readonly yes?: true;
	readonly withUndeployedChanges?: true;
}

/** One `pulumi up`. */
interface Run {
	readonly refresh: boolean;
	readonly urns: readonly string[];
}

/** The findings, and the planned repair. */
export interface Repair {
	readonly report: DriftReport;
	readonly plan: RepairPlan;
	/** Whether every host was judged and none waits for another. */
	readonly isWhole: boolean;
	readonly stack: string;
	readonly runs: readonly Run[];
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
		// The login in state no longer works for a reinstalled machine.
		{ refresh: false, urns: urnsOf(true) },
		{ refresh: true, urns: urnsOf(false) },
	].filter(({ urns }) => urns.length > 0);
}

/**
 * Queries the hosts of a stack, and plans their repair.
 *
 * @throws Error when the plan cannot be confirmed because there is no terminal.
 */
export async function planRepair(options: RepairOptions): Promise<Repair> {
	if (options.yes !== true && !process.stdin.isTTY) {
		throw new Error(
			"expected a terminal, on which the plan can be confirmed, or --yes",
		);
	}
	const stack = options.stack ?? selectedStack();
	const all = targetsOfStack(stack);
	const specs = inventoryOfStack(stack);
	const chosen = chosenHosts(all, options.host);
	const { reachable, renewed } = throughNewKeys(chosen, specs);
	const judged = { ...options, showProgress: true };
	const report = await driftOf(reachable, { stack }, judged);
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
	const targets = chosen.filter(
		({ name }) => plan.repair.includes(name) && !blocked.has(name),
	);
	return {
		report,
		plan: { ...plan, left: [...plan.left, ...waiting, ...others] },
		isWhole: report.result !== "unknown" && waiting.length === 0,
		stack,
		runs: runsOf(targets, specs, renewed),
	};
}

/** Runs `pulumi up` as planned. @returns the first exit code that is not 0. */
export async function carryOut(
	{ stack, runs }: Repair,
	{ yes }: RepairOptions,
): Promise<number> {
	let code = 0;
	for (const { refresh, urns } of runs) {
		const ended = await pulumiForPerson([
			"up",
			...(refresh ? ["--refresh"] : []),
			...["--diff", "--continue-on-error", "--stack", stack],
			...(yes === true ? ["--yes"] : []),
			...urns.flatMap((urn) => ["--target", urn]),
		]);
		if (code === 0) code = ended;
	}
	return code;
}

/**
 * The exit code of the whole repair. A host that is not repaired counts as a
 * failure, whatever the result of the others.
 *
 * @param ups the exit code of `pulumi up`.
 */
export function repairExitCode(
	{ plan: { refused }, isWhole }: Repair,
	ups: number,
): number {
	if (ups !== 0) return ups;
	return refused.length > 0 ? 2 : isWhole ? 0 : 1;
}
