/**
 * Parses each line of a report, for host/protocol.ts. A host can print a line of
 * any length and any number of them: each is bounded, and an unknown one is
 * refused.
 */
import { type Fact, factStatuses, layers } from "../model/facts";
import type { Owner, ProvisionalChange } from "../model/hostReport";
import { printable } from "../model/printable";
import { effects, matches, type Setting } from "../model/settings";
import { type Finding, states, type Verdict, verdicts } from "../model/verdict";
import { version } from "../model/version";

/** The report is malformed or was truncated; the message says where. */
export class ReportError extends Error {}

/** The report's answer for one setting. */
export interface Judgement {
	readonly tunable: string;
	readonly key: string;
	readonly verdict: Verdict;
	readonly states: Finding["states"];
}

/** The form of a change's name; a host's answer becomes part of a command. */
export const changeForm = /^(-|[0-9a-f]{12}-[0-9a-f]{8})$/;

/** `tunable key match value effect`, also of the settings that are sent. */
function settingFromFields(fields: readonly string[]): Setting {
	const [tunable, key, match, value, effect] = fields;
	const knownMatch = matches.find((m) => m === match);
	const knownEffect = effects.find((e) => e === effect);
	if (
		fields.length !== 5 ||
		tunable === undefined ||
		key === undefined ||
		value === undefined ||
		knownMatch === undefined ||
		knownEffect === undefined
	) {
		throw new Error(
			"expected tunable, key, match, value and effect separated by tabs",
		);
	}
	return { tunable, key, match: knownMatch, value, effect: knownEffect };
}

/** `tunable key layer status text source`. */
function factFromFields(fields: readonly string[]): Fact {
	const [tunable, key, layer, status, text, source] = fields;
	const knownLayer = layers.find((l) => l === layer);
	const knownStatus = factStatuses.find((s) => s === status);
	if (
		fields.length !== 6 ||
		tunable === undefined ||
		key === undefined ||
		text === undefined ||
		source === undefined ||
		knownLayer === undefined ||
		knownStatus === undefined
	) {
		throw new Error("expected a fact of six fields");
	}
	return {
		tunable,
		key,
		layer: knownLayer,
		status: knownStatus,
		text,
		source,
	};
}

/** `tunable key verdict liveState bootState`. */
function judgementFromFields(fields: readonly string[]): Judgement {
	const [tunable, key, verdict, live, boot] = fields;
	const knownVerdict = verdicts.find((v) => v === verdict);
	const liveState = states.find((s) => s === live);
	const bootState = states.find((s) => s === boot);
	if (
		fields.length !== 5 ||
		tunable === undefined ||
		key === undefined ||
		knownVerdict === undefined ||
		liveState === undefined ||
		bootState === undefined
	) {
		throw new Error(
			`expected a verdict of five fields: tunable, key, one of ${verdicts.join(", ")}, and a state for live and boot, each one of ${states.join(", ")}`,
		);
	}
	return {
		tunable,
		key,
		verdict: knownVerdict,
		states: { live: liveState, boot: bootState },
	};
}

/** `kind since seconds keys change`. */
function provisionalChangeFromFields(
	fields: readonly string[],
): ProvisionalChange {
	const [kind, since, , keys, change] = fields;
	if (
		fields.length !== 5 ||
		(kind !== "live" && kind !== "boot") ||
		keys === undefined ||
		change === undefined ||
		!changeForm.test(change)
	) {
		throw new Error("expected a provisional change of five fields");
	}
	const begun = kind === "live" || since === "before";
	return { kind, begun, change, keys: printable(keys) };
}

/** `token stack name`. */
function ownerFromFields(fields: readonly string[]): Owner {
	const [token, stack, name] = fields;
	if (
		fields.length !== 3 ||
		token === undefined ||
		stack === undefined ||
		name === undefined
	) {
		throw new Error("expected an owner of three fields");
	}
	return { token, stack, name };
}

const greetingAdvice =
	"; if that is a greeting, let the login's shell print it in interactive sessions only (~/.bashrc, /etc/bash.bashrc, ForceCommand in sshd_config), then run again";

// In characters. The longest fact is one value for each queue of a NIC.
const longestLine = 256 * 1024;
// For lines that are shown as they are, not facts or settings.
const longestHeader = 4096;

/** Bounds a line, since a host can print one of any length. */
function cut(text: string): string {
	return printable(text.length > 80 ? `${text.slice(0, 80)}...` : text);
}

// Every header line that a report of this protocol can have.
const headers = [
	...["metaltune", "version", "program", "boot", "settings"],
	...["interrupted", "waits", "rolledback", "notapplied", "activating"],
];

/** The controller's and the host's versions, and what to do where they differ. */
function meeting(text: string, protocol: string): string {
	const theirs = /^version\t(.*)$/m.exec(text)?.[1];
	const spoken = /^metaltune\t(.*)/.exec(text)?.[1] ?? "";
	const host = theirs === undefined ? "of an unnamed version" : cut(theirs);
	return `the host program is ${host} (protocol ${cut(spoken)}), this is metaltune ${version} (protocol ${protocol}); run \`pulumi up\` with the newer of the two`;
}

function checkLength(kind: string, line: string): void {
	const isHeader = kind !== "fact" && kind !== "setting";
	const longest = isHeader ? longestHeader : longestLine;
	if (line.length > longest) {
		throw new Error(
			`expected a line of at most ${longest} characters, got one of ${line.length}`,
		);
	}
}

function excerpt(line: string): string {
	return JSON.stringify(cut(line.replaceAll("\t", " ")));
}

/** The lines of a report so far. */
function emptyLines() {
	return {
		header: new Map<string, string>(),
		settings: [] as Setting[],
		facts: [] as Fact[],
		judgements: [] as Judgement[],
		provisional: [] as ProvisionalChange[],
		damaged: [] as string[],
		owner: undefined as Owner | undefined,
		ended: undefined as string | undefined,
	};
}

/** A report's content, line by line. */
export type Lines = ReturnType<typeof emptyLines>;

function addLine(lines: Lines, kind: string, fields: readonly string[]): void {
	if (lines.ended !== undefined) {
		throw new Error("expected nothing after the end");
	}
	if (kind === "fact") lines.facts.push(factFromFields(fields));
	else if (kind === "verdict")
		lines.judgements.push(judgementFromFields(fields));
	else if (kind === "setting") lines.settings.push(settingFromFields(fields));
	else if (kind === "provisional")
		lines.provisional.push(provisionalChangeFromFields(fields));
	else if (kind === "owner") lines.owner = ownerFromFields(fields);
	else if (kind === "damaged") lines.damaged.push(fields.join(" "));
	else if (kind === "end") lines.ended = fields.join(" ");
	else if (headers.includes(kind)) lines.header.set(kind, fields.join(" "));
	else throw new Error("expected a line that this version knows");
}

/**
 * Reads a report's lines.
 *
 * @param protocol the number that its first line must have.
 * @throws ReportError at the first invalid line, or when the closing line is
 *   missing or its count of facts is wrong.
 */
export function linesOf(text: string, protocol: string): Lines {
	const lines = emptyLines();
	for (const [index, line] of text.split("\n").entries()) {
		if (line === "" && index > 0) continue;
		const [kind = "", ...fields] = line
			.slice(0, longestLine)
			.split("\t")
			.map(printable);
		try {
			checkLength(kind, line);
			if (index === 0 && line !== `metaltune\t${protocol}`) {
				throw new Error(`expected a report of protocol ${protocol}`);
			}
			addLine(lines, kind, fields);
		} catch (error) {
			const why = error instanceof Error ? error.message : String(error);
			// A line without a report's prefix is another program's output.
			const next = text.startsWith("metaltune\t")
				? `; ${meeting(text, protocol)}`
				: greetingAdvice;
			throw new ReportError(
				`line ${index + 1} of the host program's report: ${why}, got ${excerpt(line)}${next}`,
			);
		}
	}
	const { facts, ended } = lines;
	if (ended !== String(facts.length)) {
		throw new ReportError(
			`the host program's report was truncated: ${facts.length} facts arrived, the closing line ${ended === undefined ? "is missing" : `says ${cut(ended)}`}`,
		);
	}
	return lines;
}
