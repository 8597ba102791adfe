/**
 * All that passes between controller and host, both ways: verbs and their exit
 * codes, settings and contents as they are sent, and the report.
 * docs/host-program.md is the contract; no other file knows the format.
 *
 * Output of a host is untrusted: every departure from "Report" is a `ReportError`,
 * never a missing fact or verdict.
 */
import { createHash } from "node:crypto";
import type { Owner, Report } from "../model/hostReport";
import { type Contents, type Setting, settingId } from "../model/settings";
import type { Finding } from "../model/verdict";
import { findingsOf } from "./reportFindings";
import { changeForm, linesOf, ReportError } from "./reportLines";

export { ReportError } from "./reportLines";

/** Version of the report and of settings; docs/host-program.md has its history. */
export const protocol = "2";

/**
 * Exit codes that are no failure of the verb, or that name the program to run it.
 */
export const exitCodes = {
	/** `confirm`: too late, the host has already reverted. */
	rolledBack: 66,
	/** The host belongs to another resource. */
	otherOwner: 67,
	/** The installed program is not a known one, and was not run. */
	otherProgram: 126,
	/** No program is installed. */
	missingProgram: 127,
} as const;

/** The host program's verbs; see docs/host-program.md. */
export type Verb =
	| "probe"
	| "probe --installed"
	| "status"
	| "want"
	| "disown"
	| `note-not-applied ${string}`
	| `apply --quiet --ready-follows --rollback=${number}`
	| "deploy --quiet"
	| `confirm ${string}`
	| `revert --owner=${string}`
	| "reboot"
	| `reboot --rollback=${number}`
	| ApplicationVerb;

/** Verbs about one application, whose name is part of the text. */
export type ApplicationVerb = `${"release-back" | "load-test"} ${string}`;

// Arguments become part of a shell command: only valid forms are accepted.
function argument(what: string, form: RegExp, text: string): string {
	if (form.test(text)) return text;
	throw new Error(`expected ${what}, got ${JSON.stringify(text)}`);
}

/** @throws Error when the name is no application's. */
export function applicationVerb(
	verb: "release-back" | "load-test",
	application: string,
): ApplicationVerb {
	const form = /^[a-z][a-z0-9-]*$/;
	return `${verb} ${argument("the name of an application", form, application)}`;
}

/**
 * The verb that reverts a host for one resource.
 *
 * @throws Error when the token is invalid.
 */
export function revertVerb(owner: string): Verb {
	const form = /^([0-9a-f]{32}|-)$/;
	return `revert --owner=${argument("the token of an owner", form, owner)}`;
}

/**
 * Whether a revert reports that the host needs a reboot to boot with its original
 * settings.
 */
export function reportsWaiting(printed: string): boolean {
	return printed.split("\n").includes("waits\treboot");
}

/** @throws Error when the text is no name of a change. */
export function confirmVerb(change: string): Verb {
	return `confirm ${argument("the name of a change", changeForm, change)}`;
}

/** Whether a provisional change is one that applied these settings. */
export function isChangeTo(change: string, settingsHash: string): boolean {
	return change.startsWith(`${settingsHash.slice(0, 12)}-`);
}

/** @param rollbackSeconds within which the next boot will be confirmed. */
export function rebootVerb(rollbackSeconds: number | undefined): Verb {
	return rollbackSeconds === undefined
		? "reboot"
		: `reboot --rollback=${rollbackSeconds}`;
}

/** @throws Error when the text is not the SHA-256 of settings. */
export function notAppliedVerb(settingsHash: string): Verb {
	const form = /^[0-9a-f]{64}$/;
	return `note-not-applied ${argument("a SHA-256", form, settingsHash)}`;
}

/**
 * Renders settings as the host program reads them: one line each,
 * `tunable TAB key TAB match TAB value TAB effect`.
 *
 * @throws Error when a key or value holds a tab, newline or NUL; decoders
 *   refuse such text, so this is a defect in a tunable.
 */
export function encodeSettings(settings: readonly Setting[]): string {
	return settings
		.map((s) => {
			const fields = [s.tunable, s.key, s.match, s.value, s.effect];
			const bad = fields.find((field) => /[\t\n\r\0]/.test(field));
			if (bad !== undefined) {
				throw new Error(
					`${settingId(s)}: expected text without tabs, newlines or NUL, got ${JSON.stringify(bad)}`,
				);
			}
			return `${fields.join("\t")}\n`;
		})
		.join("");
}

/** SHA-256 in hex of the settings' text, by which the host identifies them too. */
export function settingsHash(settings: readonly Setting[]): string {
	return createHash("sha256").update(encodeSettings(settings)).digest("hex");
}

/**
 * Settings as a stream with an explicit end: a broken connection looks like the end
 * of the input on the host. The host rejects a list that does not end with its
 * number of lines and its hash.
 */
export function settingsStream(settings: readonly Setting[]): string {
	const text = encodeSettings(settings);
	return `${text}end\t${settings.length}\t${settingsHash(settings)}\n`;
}

// A comment to the host; Pulumi runs the command again when it changes.
const revisionLine = (revision: number) => `# revision ${revision}\n`;

/**
 * Input of `apply` and `deploy` in place of settings, which `want` has stored.
 *
 * @param taker undefined where the state has no token.
 */
export function wantedStream(
	revision: number,
	taker: Owner | undefined,
	hash: string,
): string {
	const owner =
		taker === undefined
			? ""
			: `owner\t${taker.token}\t${taker.stack}\t${taker.name}\n`;
	return `${revisionLine(revision)}${owner}wanted\t${hash}\n`;
}

/** Whether a `wantedStream` is of this revision. */
export function isOfRevision(stream: string, revision: number): boolean {
	return stream.startsWith(revisionLine(revision));
}

/**
 * Contents of files, sent before the settings that name them: `content TAB HEX TAB
 * BASE64`.
 */
export function encodeContents(contents: Contents): string {
	return Object.entries(contents)
		.map(
			([sha256, text]) =>
				`content\t${sha256}\t${Buffer.from(text).toString("base64")}\n`,
		)
		.join("");
}

/**
 * Parses the output of `metaltune probe` and `metaltune status`.
 *
 * @param text the whole standard output of the host program.
 * @param asked the settings that were sent; undefined when the report itself lists
 *   its settings.
 * @throws ReportError when a line is not part of a report, when the closing line is
 *   missing or its count of facts is wrong, or when there is not one verdict for
 *   each setting, in order, that agrees with the facts.
 */
export function parseReport(text: string, asked?: readonly Setting[]): Report {
	const lines = linesOf(text, protocol);
	const { header, provisional, owner, damaged, settings, facts } = lines;
	let findings: readonly Finding[];
	try {
		findings = findingsOf(asked ?? settings, facts, lines.judgements);
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		throw new ReportError(
			`the host program's report contradicts itself: ${why}; did the program that metaltune installed print it? run \`pulumi up --refresh\``,
		);
	}
	const settingsHash = header.get("settings");
	return {
		version: header.get("version"),
		program: header.get("program") ?? "",
		bootId: header.get("boot") ?? "",
		settingsHash: settingsHash === "-" ? undefined : settingsHash,
		interrupted: header.get("interrupted"),
		rebootRequired: header.has("waits"),
		notApplied: header.get("notapplied"),
		isActivating: header.has("activating"),
		provisional,
		rolledBack: header.get("rolledback"),
		owner,
		damaged,
		settings,
		facts,
		findings,
	};
}
