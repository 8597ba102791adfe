/**
 * Turns a host's verdicts into an entry of a drift report. Pure, so that a
 * table of tests covers every rule of the report.
 */

import type { Probe } from "../../host/probe";
import { settingsHash as hashOf } from "../../host/protocol";
import type { Fact } from "../../model/facts";
import { shortened } from "../../model/printable";
import { settingId } from "../../model/settings";
import {
	expectedText,
	type Finding,
	factText,
	type Verdict,
} from "../../model/verdict";
import type { Proof, Target } from "./target";

/** What a host answered for one key in one layer. */
export interface Answer extends Pick<Fact, "status" | "source"> {
	/** The value, or the reason of `unreadable` and `unsupported`. */
	readonly text: string;
}

export interface Deviation {
	/**
	 * `tunable.key`. `metaltune.program` is the host program itself,
	 * `metaltune.records` its records about the host.
	 */
	readonly key: string;
	readonly declared: string;
	/** Absent when the key has no such layer. */
	readonly live?: Answer;
	readonly boot?: Answer;
	readonly verdict: Exclude<Verdict, "ok">;
	/** Known and accepted: not drift, but shown until it is gone. */
	readonly accepted: boolean;
}

/** `unknown`: reached, but a key could not be read. */
export type HostStatus = "clean" | "drift" | "unknown" | "unreachable";

export interface HostDrift {
	readonly name: string;
	readonly login: string;
	readonly status: HostStatus;
	/** Why it was unreachable. */
	readonly why?: string;
	readonly bootId?: string;
	/** How many settings are declared for it. */
	readonly settings: number;
	readonly deviations: readonly Deviation[];
	/** Sentences about the host that are not drift. */
	readonly notes: readonly string[];
	/** When its settings were last proved; deviations are newer than that. */
	readonly proof?: Proof;
}

// A host can send a text of any length.
const longestText = 4096;

function answer(fact: Fact | undefined): Answer | undefined {
	if (fact === undefined) return undefined;
	const { status, text, source } = fact;
	return {
		status,
		text: shortened(text, longestText),
		source: shortened(source, longestText),
	};
}

/** An answer in words, `-` where there is none. */
export function answerText(given: Answer | undefined): string {
	if (given === undefined) return "-";
	return given.status === "value" && given.text === ""
		? '""'
		: factText(given as Fact);
}

/** The same; an answer that is not as declared has the file and line that decide. */
export function placedText(
	given: Answer | undefined,
	declared: string,
): string {
	const text = answerText(given);
	return (given?.status === "absent" || given?.status === "value") &&
		given.text !== declared &&
		/^\/.*:\d+$/.test(given.source)
		? `${text} (${given.source})`
		: text;
}

function deviationOf(target: Target, finding: Finding): readonly Deviation[] {
	const { setting, verdict } = finding;
	if (verdict === "ok") return [];
	const [live, boot] = [answer(finding.live), answer(finding.boot)];
	return [
		{
			key: settingId(setting),
			declared: expectedText(setting),
			...(live === undefined ? {} : { live }),
			...(boot === undefined ? {} : { boot }),
			verdict,
			accepted: target.accepts(finding),
		},
	];
}

/**
 * A program that is missing, or was replaced since a stack installed its own.
 * It is not drift if the inventory's next `up` would install another one.
 */
function programDeviation(
	target: Target,
	installed: string | undefined,
): readonly Deviation[] {
	if (installed === target.program) return [];
	if (installed !== undefined && !target.deployed) return [];
	return [
		{
			key: "metaltune.program",
			declared: target.program,
			live: {
				status: installed === undefined ? "absent" : "value",
				text: installed ?? "",
				source: "/usr/local/sbin/metaltune",
			},
			verdict: "liveDrift",
			accepted: false,
		},
	];
}

function recordDeviations({ report }: Probe): readonly Deviation[] {
	if (report.damaged.length === 0) return [];
	const source = report.damaged.join(", ");
	return [
		{
			key: "metaltune.records",
			declared: "whole",
			live: { status: "value", text: "damaged or missing", source },
			verdict: "liveDrift",
			accepted: false,
		},
	];
}

function statusOf(deviations: readonly Deviation[]): HostStatus {
	const open = deviations.filter(({ accepted }) => !accepted);
	if (open.some(({ verdict }) => verdict === "unreadable")) return "unknown";
	return open.length > 0 ? "drift" : "clean";
}

function notesOf(
	target: Target,
	{ report, installed }: Probe,
	findings: readonly Finding[],
): readonly string[] {
	const declared = hashOf(target.settings);
	const { settingsHash, interrupted, rolledBack } = report;
	const rebooted = findings.some(
		({ setting, verdict }) =>
			verdict === "ok" && target.awaited.includes(settingId(setting)),
	);
	return [
		rolledBack === undefined ? "" : `ROLLED BACK: ${rolledBack}`,
		interrupted === undefined
			? ""
			: `has a \`${interrupted}\` that was interrupted`,
		settingsHash === undefined ? "was given no settings yet" : "",
		target.deployed || installed === undefined || installed === target.program
			? ""
			: "has the host program of another version; the next `pulumi up` installs this one's",
		settingsHash === undefined || settingsHash === declared
			? ""
			: target.otherSettings,
		target.proof !== undefined && target.proof.bootId !== report.bootId
			? "has booted since it was last proved"
			: "",
		rebooted
			? "has had the reboot that it waited for; `pulumi up --refresh` records that"
			: "",
	].filter((note) => note !== "");
}

/** Judges one host by its answers. */
export function judge(target: Target, probe: Probe): HostDrift {
	const { name, login, settings, proof } = target;
	const { findings } = probe.report;
	const deviations = [
		...programDeviation(target, probe.installed),
		...recordDeviations(probe),
		...findings.flatMap((finding) => deviationOf(target, finding)),
	];
	return {
		name,
		login,
		status: statusOf(deviations),
		bootId: probe.report.bootId,
		settings: settings.length,
		deviations,
		notes: notesOf(target, probe, findings),
		...(proof === undefined ? {} : { proof }),
	};
}

/** A host that gave no answer, with the reason. */
export function unreachable(target: Target, why: string): HostDrift {
	const { name, login, settings, proof } = target;
	return {
		name,
		login,
		status: "unreachable",
		why,
		settings: settings.length,
		deviations: [],
		notes: [],
		...(proof === undefined ? {} : { proof }),
	};
}
