/** The drift of a fleet as terminal text. */

import { printable, withoutCommands } from "../model/printable";
import {
	cellText,
	type DriftReport,
	judgedText,
	proofText,
	summaryText,
} from "../observe/drift/driftReport";
import { type HostDrift, placedText } from "../observe/drift/judge";
import { table } from "./table";
import { hanging, withShortHashes } from "./wrap";

/** A host can send a text of any length. */
const longest = 600;

function rowsOf({ name, deviations }: HostDrift): readonly string[][] {
	return deviations.map(({ key, declared, live, boot, verdict, accepted }) =>
		[
			name,
			key,
			declared === "" ? '""' : declared,
			placedText(live, declared),
			placedText(boot, declared),
			accepted ? `${verdict} (accepted)` : verdict,
		].map((text) => cellText(text, longest)),
	);
}

function sentencesOf(
	host: HostDrift,
	columns: number | undefined,
): readonly string[] {
	const reason = host.why === undefined ? [] : [`unreachable: ${host.why}`];
	return [...reason, ...host.notes, proofText(host)]
		.filter((text) => text !== "")
		.map((text) => printable(cellText(`${host.name}: ${text}`, longest)))
		.map((text) => hanging(withShortHashes(text), columns))
		.map(eachWithoutCommands);
}

function eachWithoutCommands(lines: string): string {
	return lines.split("\n").map(withoutCommands).join("\n");
}

/** A row per deviating key, then a sentence per note, then the count. */
export function driftText(report: DriftReport, columns?: number): string {
	const head = ["host", "key", "declared", "live", "after boot", "verdict"];
	const rows = report.hosts.flatMap(rowsOf);
	return [
		...(rows.length === 0 ? [] : [table(head, rows, columns)]),
		...report.hosts.flatMap((host) => sentencesOf(host, columns)),
		hanging(
			`${summaryText(report)}; held against ${printable(judgedText(report.judged))} (${report.maker})`,
			columns,
		),
	].join("\n");
}
