/**
 * Whether a machine may be used: its checklist, compared with the host's
 * answers. Pure; `metaltune checklist` queries the machine.
 */
import type {
	Checklist,
	ChecklistItem,
} from "../../inventory/sections/checklist";
import { machine } from "../../inventory/sections/machine";
import type { Fact } from "../../model/facts";
import { type Setting, settingId } from "../../model/settings";
import { expectedText, type Finding, factText } from "../../model/verdict";
import { maker } from "../../model/version";
import type { Watched } from "../cpu/watched";
import type { Evidence, Seen } from "./evidence";
import { measuredEvidence } from "./measured";

/**
 * - `ok`: all evidence is right, now and after the next boot.
 * - `notOk`: something is wrong, or nothing is declared for it.
 * - `notApplicable`: not supported on this host, or not measurable on any.
 * - `couldNotTell`: something could not be read.
 */
export type ItemVerdict = "ok" | "notOk" | "notApplicable" | "couldNotTell";

export interface CheckedItem {
	readonly name: string;
	readonly asks: string;
	readonly verdict: ItemVerdict;
	/** Why there is no evidence, or not enough; empty otherwise. */
	readonly why: string;
	readonly evidence: readonly Evidence[];
}

/** What `metaltune checklist --json` prints. */
export interface ChecklistReport {
	readonly version: 1;
	/** `metaltune` and its version. */
	readonly maker: string;
	readonly host: string;
	readonly login: string;
	/** When the host had answered; RFC 3339. */
	readonly time: string;
	readonly result: Exclude<ItemVerdict, "notApplicable">;
	readonly items: readonly CheckedItem[];
}

function machineSettings({ machine: wanted }: ChecklistItem) {
	return wanted === undefined ? [] : machine.settings(wanted);
}

// Items can require different values of the same key; each gets its own
// verdict.
function isSame(a: Setting, b: Setting): boolean {
	return (
		settingId(a) === settingId(b) && a.match === b.match && a.value === b.value
	);
}

/** The settings to check on a host besides its own, each once. */
export function checklistSettings(checklist: Checklist): readonly Setting[] {
	const all = Object.values(checklist).flatMap(machineSettings);
	return all.filter(
		(each, index) => all.findIndex((other) => isSame(each, other)) === index,
	);
}

/** Whether some item needs the host's CPUs to be watched. */
export function isMeasured(checklist: Checklist): boolean {
	return Object.values(checklist).some(({ measured }) => measured);
}

function matcher(pattern: string): (id: string) => boolean {
	const parts = pattern.split("*").map((part) => part.replace(/\W/g, "\\$&"));
	const expression = new RegExp(`^${parts.join(".*")}$`, "s");
	return (id) => expression.test(id);
}

function seenIn(fact: Fact | undefined): readonly Seen[] {
	if (fact === undefined) return [];
	const { layer, source } = fact;
	return [{ layer, found: factText(fact), source }];
}

function evidenceOf({ setting, live, boot, verdict }: Finding): Evidence {
	return {
		key: settingId(setting),
		expected: expectedText(setting),
		seen: [...seenIn(live), ...seenIn(boot)],
		verdict,
	};
}

const verdictOfEvidence = {
	ok: "ok",
	liveDrift: "notOk",
	bootDrift: "notOk",
	pendingReboot: "notOk",
	unsupported: "notApplicable",
	unreadable: "couldNotTell",
	exceeded: "notOk",
	notTried: "notApplicable",
} as const satisfies { [V in Evidence["verdict"]]: ItemVerdict };

/** A wrong value takes precedence over an unreadable one. */
function together(verdicts: readonly ItemVerdict[]): ItemVerdict {
	const order = ["notOk", "couldNotTell", "ok"] as const;
	return order.find((each) => verdicts.includes(each)) ?? "notApplicable";
}

/** Why nothing was measured, and the verdict of an item that needs it. */
export interface NotWatched {
	readonly verdict: "notApplicable" | "couldNotTell";
	readonly why: string;
}

interface Answered {
	readonly settings: readonly Setting[];
	/** The host's verdicts on those, then on `checklistSettings`. */
	readonly findings: readonly Finding[];
	readonly watched: Watched | NotWatched;
}

/** Evidence from the measurement, or why there is none. */
function measuredPart(
	{ measured }: ChecklistItem,
	{ settings, watched }: Answered,
): { readonly evidence: readonly Evidence[]; readonly not?: NotWatched } {
	if (measured === undefined) return { evidence: [] };
	return "why" in watched
		? { evidence: [], not: watched }
		: { evidence: measuredEvidence(measured, settings, watched) };
}

/**
 * Verdicts on the settings that an item names, and its patterns without a
 * match.
 */
function settingsPart(item: ChecklistItem, answers: Answered) {
	const count = answers.settings.length;
	const declared = answers.findings.slice(0, count);
	const ofMachine = answers.findings.slice(count);
	const missing: string[] = [];
	const named = (item.settings ?? []).flatMap((pattern) => {
		const fits = matcher(pattern);
		const found = declared.filter(({ setting }) => fits(settingId(setting)));
		if (found.length === 0) missing.push(pattern);
		return found;
	});
	const demands = machineSettings(item).flatMap((demand) =>
		ofMachine.filter(({ setting }) => isSame(setting, demand)),
	);
	return { shown: [...new Set([...named, ...demands])], missing };
}

function itemOf(
	[name, item]: readonly [string, ChecklistItem],
	answers: Answered,
): CheckedItem {
	const { asks, notOnHost } = item;
	if (notOnHost !== undefined) {
		return {
			name,
			asks,
			verdict: "notApplicable",
			why: notOnHost,
			evidence: [],
		};
	}
	const { shown, missing } = settingsPart(item, answers);
	const { evidence: measured, not } = measuredPart(item, answers);
	const evidence = [...shown.map(evidenceOf), ...measured];
	const verdicts = evidence.map(({ verdict }) => verdictOfEvidence[verdict]);
	const whys = [
		...(missing.length === 0
			? []
			: [`nothing is declared that fits ${missing.join(", ")}`]),
		...(not === undefined ? [] : [not.why]),
	];
	return {
		name,
		asks,
		verdict: together([
			...verdicts,
			...missing.map((): ItemVerdict => "notOk"),
			...(not === undefined ? [] : [not.verdict]),
		]),
		why: whys.join("; "),
		evidence,
	};
}

/**
 * Compares a checklist with a host's answers.
 *
 * @param settings the declared settings of the host.
 * @param findings the host's verdicts on those, and on `checklistSettings`.
 * @param watched what its CPUs did, where an item needs that.
 */
export function checklistReport(
	host: { readonly name: string; readonly login: string },
	checklist: Checklist,
	answered: Answered & { readonly time: Date },
): ChecklistReport {
	const { time } = answered;
	const items = Object.entries(checklist).map((each) => itemOf(each, answered));
	const has = (verdict: ItemVerdict) =>
		items.some((item) => item.verdict === verdict);
	return {
		version: 1,
		maker,
		host: host.name,
		login: host.login,
		time: time.toISOString(),
		result: has("couldNotTell")
			? "couldNotTell"
			: has("notOk")
				? "notOk"
				: "ok",
		items,
	};
}

const exitCodes = {
	ok: 0,
	notOk: 2,
	couldNotTell: 1,
} as const satisfies { [R in ChecklistReport["result"]]: number };

/** 0 ready, 2 not ready, 1 undetermined, as in `metaltune drift`. */
export function checklistExitCode({ result }: ChecklistReport): 0 | 1 | 2 {
	return exitCodes[result];
}
