/** The drift of a fleet as Markdown, small enough for the body of an issue. */

import {
	cellText,
	type DriftReport,
	judgedText,
	proofText,
	summaryText,
} from "../observe/drift/driftReport";
import { type HostDrift, placedText } from "../observe/drift/judge";
import { bounded, code, row } from "./markdown";

/** GitHub accepts this many characters in an issue, and GitLab more. */
export const longestIssue = 65_536;

const longestCell = 120;
const longestSentence = 300;

function rowsOf({ name, deviations }: HostDrift): readonly string[] {
	return deviations.map(({ key, declared, live, boot, verdict, accepted }) =>
		row([
			...[
				name,
				key,
				declared,
				placedText(live, declared),
				placedText(boot, declared),
			].map((text) => code(cellText(text, longestCell))),
			accepted ? `${verdict} (accepted)` : verdict,
		]),
	);
}

function sentencesOf(host: HostDrift): readonly string[] {
	const reason = host.why === undefined ? [] : [`unreachable: ${host.why}`];
	return [...reason, ...host.notes, proofText(host)]
		.filter((text) => text !== "")
		.map(
			(text) =>
				`- ${code(host.name)}: ${code(cellText(text, longestSentence))}`,
		);
}

function section(
	head: readonly string[],
	lines: readonly string[],
	limit: number,
	what: string,
): string {
	const rest = (count: number) =>
		`\n${count} more ${what} did not fit; see the JSON report.`;
	return [...head, ...bounded(lines, limit, rest)].join("\n");
}

/** The report, at most `longestIssue` characters whatever hosts answer. */
export function driftMarkdown(report: DriftReport): string {
	const rows = report.hosts.flatMap(rowsOf);
	const sentences = report.hosts.flatMap(sentencesOf);
	const head = [
		row(["host", "key", "declared", "live", "after boot", "verdict"]),
		row(["---", "---", "---", "---", "---", "---"]),
	];
	const against = code(cellText(judgedText(report.judged), longestSentence));
	return [
		`**${summaryText(report)}**`,
		`Held against ${against} at ${report.time} by ${report.maker}.`,
		...(rows.length === 0 ? [] : [section(head, rows, 40_000, "keys")]),
		...(sentences.length === 0
			? []
			: [section([], sentences, 20_000, "sentences")]),
	]
		.join("\n\n")
		.concat("\n");
}
