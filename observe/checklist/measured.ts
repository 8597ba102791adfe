/**
 * Compares what CPUs did while they were watched with the limits of a checklist
 * item. A measurement is not a setting, so it is not part of drift.
 */
import type { Limits } from "../../inventory/sections/checklist";
import { type CpuSet, cpuNumbers, cpuSetOf } from "../../model/cpuSet";
import type { Setting } from "../../model/settings";
import { type CpuRoles, cpuRoles } from "../cpu/cpuRoles";
import { busyPercent, interruptPercent } from "../cpu/cpuTime";
import type { Watched } from "../cpu/watched";
import type { Evidence, MeasuredVerdict } from "./evidence";

interface Question {
	/** The limit's name in the checklist. */
	readonly name: string;
	/** Undefined when no limit is declared. */
	readonly limit: number | undefined;
	/** Undefined when it is unknown. */
	readonly cpus: CpuSet | undefined;
	readonly source: string;
	/** The measured amount of a CPU; undefined when it is unknown. */
	readonly amountOn: (
		cpu: number,
	) => { readonly amount: number; readonly detail: string } | undefined;
	/** Why staying within the limit proves nothing for this CPU. */
	readonly notTried?: (cpu: number) => string | undefined;
}

interface Answer {
	readonly cpu: number;
	readonly verdict: MeasuredVerdict;
	readonly amount: number;
	readonly detail: string;
}

function answer(question: Question, limit: number, cpu: number): Answer {
	const did = question.amountOn(cpu);
	if (did === undefined) {
		const detail = "nothing is known of it";
		return { cpu, verdict: "unreadable", amount: 0, detail };
	}
	if (did.amount > limit) return { cpu, verdict: "exceeded", ...did };
	const why = question.notTried?.(cpu);
	return why === undefined
		? { cpu, verdict: "ok", ...did }
		: { cpu, verdict: "notTried", amount: 0, detail: why };
}

const rounded = (amount: number) => String(Number(amount.toFixed(2)));

function foundText({ cpu, verdict, amount, detail }: Answer, isMost: boolean) {
	if (verdict === "unreadable" || verdict === "notTried") return detail;
	const who = isMost ? ` on cpu ${cpu}, the most` : "";
	return `${rounded(amount)}${who}${detail === "" ? "" : ` (${detail})`}`;
}

/** One line for all CPUs with the same verdict, with the largest amount. */
function lineOf({ name, limit, source }: Question, answers: readonly Answer[]) {
	const [most] = answers.toSorted((a, b) => b.amount - a.amount);
	if (most === undefined) return [];
	const isMost = answers.length > 1 && most.amount > 0;
	const line: Evidence = {
		key: `cpu ${cpuSetOf(answers.map(({ cpu }) => cpu))} ${name}`,
		expected: `at most ${limit}`,
		seen: [{ layer: "live", found: foundText(most, isMost), source }],
		verdict: most.verdict,
	};
	return [line];
}

const sysfs = { layer: "live", source: "/sys/devices/system/cpu" } as const;

/** A line for each CPU above the limit, and one per verdict for the others. */
function evidenceFor(question: Question): readonly Evidence[] {
	const { name, limit, cpus } = question;
	if (limit === undefined) return [];
	if (cpus === undefined || cpus === "") {
		const [verdict, found] =
			cpus === ""
				? (["notTried", "there is no such CPU"] as const)
				: (["unreadable", "which CPUs these are could not be read"] as const);
		const seen = [{ ...sysfs, found }];
		return [{ key: name, expected: `at most ${limit}`, seen, verdict }];
	}
	const answers = cpuNumbers(cpus).map((cpu) => answer(question, limit, cpu));
	const are = (verdict: MeasuredVerdict) =>
		answers.filter((each) => each.verdict === verdict);
	return [
		...are("exceeded").map((each) => [each]),
		are("ok"),
		are("notTried"),
		are("unreadable"),
	].flatMap((alike) => lineOf(question, alike));
}

function timeQuestions(
	{ quietCpus, housekeepingCpus }: Limits,
	{ quiet, housekeeping }: CpuRoles,
	{ times: { value: times, source }, booksInterrupts }: Watched,
): readonly Question[] {
	return [
		{
			name: "interruptPercent",
			limit: quietCpus?.interruptPercent,
			cpus: quiet,
			source,
			amountOn: (cpu) => {
				const time = times?.get(cpu);
				if (time === undefined) return undefined;
				const { irq, soft, steal } = time;
				return {
					amount: interruptPercent(time),
					detail: `irq ${rounded(irq)}, soft ${rounded(soft)}, steal ${rounded(steal)}`,
				};
			},
			notTried: () =>
				booksInterrupts === false
					? "this kernel books no time for interrupts"
					: undefined,
		},
		{
			name: "busyPercent",
			limit: housekeepingCpus?.busyPercent,
			cpus: housekeeping,
			source,
			amountOn: (cpu) => {
				const time = times?.get(cpu);
				return time && { amount: busyPercent(time), detail: "" };
			},
		},
	];
}

function interruptQuestions(
	{ quietCpus }: Limits,
	{ quiet, tickless }: CpuRoles,
	{ times, rates: { value: rates, source } }: Watched,
): readonly Question[] {
	return [
		{
			name: "interruptsPerSecond",
			limit: quietCpus?.interruptsPerSecond,
			cpus: quiet,
			source,
			amountOn: (cpu) => {
				const rate = rates?.get(cpu);
				if (rate === undefined) return undefined;
				const { perSecond: amount, top } = rate;
				const detail =
					top === undefined ? "" : `${top.name}: ${rounded(top.perSecond)}`;
				return { amount, detail };
			},
		},
		{
			name: "timerInterruptsPerSecond",
			limit: quietCpus?.timerInterruptsPerSecond,
			cpus: tickless,
			source,
			amountOn: (cpu) => {
				const timer = rates?.get(cpu)?.timer;
				return timer && { amount: timer.perSecond, detail: timer.name };
			},
			notTried: (cpu) => {
				const time = times.value?.get(cpu);
				return time !== undefined && busyPercent(time) < 1
					? "idle, so the tick was not put to the test"
					: undefined;
			},
		},
	];
}

/**
 * Compares what CPUs did with limits.
 *
 * @param settings the declared settings of the host.
 */
export function measuredEvidence(
	limits: Limits,
	settings: readonly Setting[],
	watched: Watched,
): readonly Evidence[] {
	const roles = cpuRoles(watched, settings);
	return [
		...timeQuestions(limits, roles, watched),
		...interruptQuestions(limits, roles, watched),
	].flatMap(evidenceFor);
}
