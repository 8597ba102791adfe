/** The drift of a fleet for a person at a terminal. */

import { printable, withoutCommands } from "../model/printable";
import { answerText, type HostDrift } from "../observe/drift/judge";
import {
	cellText,
	type DriftReport,
	judgedText,
	proofText,
	summaryText,
} from "../observe/drift/report";
import { table } from "./table";

const longest = 60;

function rowsOf({ name, deviations }: HostDrift): readonly string[][] {
	return deviations.map(({ key, declared, live, boot, verdict, accepted }) =>
		[
			name,
			key,
			declared === "" ? '""' : declared,
			answerText(live),
			answerText(boot),
			accepted ? `${verdict} (accepted)` : verdict,
		].map((text) => cellText(text, longest)),
	);
}

function sentencesOf(host: HostDrift): readonly string[] {
	const reason = host.why === undefined ? [] : [`unreachable: ${host.why}`];
	return [...reason, ...host.notes, proofText(host)]
		.filter((text) => text !== "")
		.map((text) => printable(cellText(`${host.name}: ${text}`, 600)))
		.map(withoutCommands);
}

/** A row per deviating key, then a line per thing to know, then the count. */
export function driftText(report: DriftReport): string {
	const head = ["host", "key", "declared", "live", "after boot", "verdict"];
	const rows = report.hosts.flatMap(rowsOf);
	return [
		...(rows.length === 0 ? [] : [table(head, rows)]),
		...report.hosts.flatMap(sentencesOf),
		`${summaryText(report)}; held against ${printable(judgedText(report.judged))} (${report.maker})`,
	].join("\n");
}
