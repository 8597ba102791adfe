/** `metaltune checklist`: queries one host, and judges its answers. */
import type { LocatedHost } from "../inventory/decodeGroup";
import { printable, withoutCommands } from "../model/printable";
import {
	type ChecklistReport,
	checklistReport,
	checklistSettings,
	isMeasured,
	type NotWatched,
} from "../observe/checklist/checklistReport";
import { parseWatched, type Watched } from "../observe/cpu/watched";
import { inventoryTargets } from "../observe/drift/fromInventory";
import { type Observed, observeAlone } from "../observe/drift/observe";
import { chosenHosts, targetsOfStack } from "./driftQuery";
import { namedHost } from "./namedHost";
import type { InventoryChoice } from "./options";

export interface ChecklistOptions extends InventoryChoice {
	readonly stack?: string;
	/** Seconds. */
	readonly timeout: number;
	/** Seconds that CPUs are watched; 0 for not at all. */
	readonly watch: number;
}

function hostCalled(name: string, directory: string): LocatedHost {
	const host = namedHost(name, directory);
	if (Object.keys(host.checklist).length === 0) {
		throw new Error(
			`${name}: expected a checklist, got none; declare \`checklist\` for its group, as hosts/profiles do`,
		);
	}
	return host;
}

function watchedOf({ watched }: Observed): Watched | NotWatched {
	if (watched === undefined) {
		return { verdict: "notApplicable", why: "not measured: --watch 0" };
	}
	return "why" in watched
		? { verdict: "couldNotTell", why: watched.why }
		: parseWatched(watched.answer);
}

/**
 * Compares a host's checklist with its answers.
 *
 * @returns a sentence instead when it did not answer; its connection may be
 *   open.
 * @throws Error when there is no such host, or it has no checklist.
 */
export async function checklistOf(
	name: string,
	{ inventory, stack, timeout, watch }: ChecklistOptions,
): Promise<ChecklistReport | string> {
	const { spec, checklist } = hostCalled(name, inventory);
	const [target] =
		stack === undefined
			? inventoryTargets([spec])
			: chosenHosts(targetsOfStack(stack), [name]);
	if (target === undefined) throw new Error(`${name}: cannot be asked`);
	const settings = [...target.settings, ...checklistSettings(checklist)];
	const asked = await observeAlone(
		{ ...target, settings },
		timeout,
		isMeasured(checklist) ? watch : 0,
	);
	if ("why" in asked) {
		return withoutCommands(printable(`${name}: ${asked.why}`));
	}
	return checklistReport(target, checklist, {
		settings: target.settings,
		findings: asked.answer.probe.report.findings,
		watched: watchedOf(asked.answer),
		time: new Date(),
	});
}
