/**
 * Parses what the host program prints. A host is not trusted to print
 * something sensible: every departure from docs/host-program.md, "Report", is
 * a `ReportError`, never a fact that went missing.
 */
import {
	type Fact,
	factStatuses,
	layers,
	type Owner,
	type Report,
	type Trial,
} from "../model/facts";
import { printable } from "../model/printable";
import { type Setting, settingFromFields } from "../model/settings";
import { version } from "../model/version";

/** The report is malformed or was cut short; the message says where. */
export class ReportError extends Error {}

/** Of the report and of settings; docs/host-program.md has its history. */
export const protocol = "1";

const greetingAdvice =
	"; if that is a greeting, let the login's shell print it in interactive sessions only (~/.bashrc, /etc/bash.bashrc, ForceCommand in sshd_config), then run again";

// In characters. The longest fact is one value for each queue of a NIC.
const longestLine = 256 * 1024;
// Of lines that are no facts or settings, and are shown as they are.
const longestHeader = 4096;

/** A host can print a line of any length. */
function cut(text: string): string {
	return printable(text.length > 80 ? `${text.slice(0, 80)}...` : text);
}

// Every header line that a report of this protocol can have.
const headers = [
	...["metaltune", "version", "program", "boot", "settings"],
	...["interrupted", "waits", "rolledback"],
];

/** Which versions met in a report, and what to do where they differ. */
function meeting(text: string): string {
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

/** Whether a text can name a change: a host's answer becomes part of a command. */
export function isChange(text: string): boolean {
	return /^(-|[0-9a-f]{12}-[0-9a-f]{8})$/.test(text);
}

function trialFromFields(fields: readonly string[]): Trial {
	const [kind, since, , keys, change] = fields;
	if (
		fields.length !== 5 ||
		(kind !== "live" && kind !== "boot") ||
		keys === undefined ||
		change === undefined ||
		!isChange(change)
	) {
		throw new Error("expected a trial of five fields");
	}
	const begun = kind === "live" || since === "before";
	return { kind, begun, change, keys: printable(keys) };
}

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

/**
 * Parses the output of `metaltune probe`.
 *
 * @param text the whole standard output of the host program.
 * @throws ReportError when a line is not part of a report, or the closing line
 *   is missing or counts other facts than arrived.
 */
export function parseReport(text: string): Report {
	const header = new Map<string, string>();
	const settings: Setting[] = [];
	const facts: Fact[] = [];
	const trials: Trial[] = [];
	const damaged: string[] = [];
	let owner: Owner | undefined;
	let ended: string | undefined;
	for (const [index, line] of text.split("\n").entries()) {
		if (line === "" && index > 0) continue;
		const [kind = "", ...fields] = line
			.slice(0, longestLine)
			.split("\t")
			.map(printable);
		try {
			checkLength(kind, line);
			if (ended !== undefined)
				throw new Error("expected nothing after the end");
			if (index === 0 && line !== `metaltune\t${protocol}`) {
				throw new Error(`expected a report of protocol ${protocol}`);
			}
			if (kind === "fact") facts.push(factFromFields(fields));
			else if (kind === "setting") settings.push(settingFromFields(fields));
			else if (kind === "armed") trials.push(trialFromFields(fields));
			else if (kind === "owner") owner = ownerFromFields(fields);
			else if (kind === "damaged") damaged.push(fields.join(" "));
			else if (kind === "end") ended = fields.join(" ");
			else if (headers.includes(kind)) header.set(kind, fields.join(" "));
			else throw new Error("expected a line that this version knows");
		} catch (error) {
			const why = error instanceof Error ? error.message : String(error);
			// What does not begin as a report is another program's words.
			const next = text.startsWith("metaltune\t")
				? `; ${meeting(text)}`
				: greetingAdvice;
			throw new ReportError(
				`line ${index + 1} of the host program's report: ${why}, got ${excerpt(line)}${next}`,
			);
		}
	}
	if (ended !== String(facts.length)) {
		throw new ReportError(
			`the host program's report was cut short: ${facts.length} facts arrived, the closing line ${ended === undefined ? "is missing" : `says ${cut(ended)}`}`,
		);
	}
	const settingsHash = header.get("settings");
	const rolledBack = header.get("rolledback");
	return {
		version: header.get("version"),
		program: header.get("program") ?? "",
		bootId: header.get("boot") ?? "",
		settingsHash: settingsHash === "-" ? undefined : settingsHash,
		interrupted: header.get("interrupted"),
		rebootRequired: header.has("waits"),
		trials,
		rolledBack: rolledBack === undefined ? undefined : printable(rolledBack),
		owner,
		damaged,
		settings,
		facts,
	};
}
