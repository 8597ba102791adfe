/** A checklist for a person at a terminal, and as Markdown. */

import type {
	ReadyItem,
	ReadyReport,
	ReadyVerdict,
} from "../observe/checklist/checklist";
import type { Evidence } from "../observe/checklist/evidence";
import { cellText } from "../observe/drift/report";
import { code, row } from "./markdown";
import { table } from "./table";

const words = {
	ok: "ok",
	notOk: "not ok",
	notApplicable: "not applicable",
	couldNotTell: "could not tell",
} as const satisfies { [V in ReadyVerdict]: string };

const head = ["item", "asks", "verdict", "evidence"];
const longestValue = 60;
const longestExpected = 40;

function seenText({ seen, expected, verdict }: Evidence): string {
	const found = seen.map(({ layer, found, source }) => {
		const when = layer === "boot" ? "after boot " : "";
		return `${when}${cellText(found, longestValue)} (${source})`;
	});
	const isPlain = ["ok", "unsupported", "notTried"].includes(verdict);
	const wanted = isPlain
		? ""
		: `expected ${cellText(expected, longestExpected)}, got `;
	return `${wanted}${found.join("; ") || "no answer"}`;
}

/** One line per thing that was read; one in any case. */
function evidenceLines({ why, evidence }: ReadyItem): readonly string[] {
	const lines = evidence.map((each) => `${each.key}: ${seenText(each)}`);
	return why === "" && lines.length > 0 ? lines : [...lines, why];
}

/** `12 ok, 1 not ok`, without what there is none of. */
function countsText({ items }: ReadyReport): string {
	return Object.entries(words)
		.map(([verdict, word]) => {
			const count = items.filter((item) => item.verdict === verdict).length;
			return { count, text: `${count} ${word}` };
		})
		.filter(({ count }) => count > 0)
		.map(({ text }) => text)
		.join(", ");
}

const summaries = {
	ok: "ready",
	notOk: "not ready",
	couldNotTell: "could not tell whether it is ready",
} as const satisfies { [R in ReadyReport["result"]]: string };

function summaryText(report: ReadyReport): string {
	return `${report.host}: ${summaries[report.result]}: ${countsText(report)} (${report.maker})`;
}

/** A row per item and further ones for its evidence, then the count. */
export function readyText(report: ReadyReport): string {
	const rows = report.items.flatMap((item) =>
		evidenceLines(item).map((line, index) => [
			...(index === 0
				? [item.name, item.asks, words[item.verdict]]
				: ["", "", ""]),
			line,
		]),
	);
	return [table(head, rows), summaryText(report)].join("\n");
}

/** One table; evidence is code, since it is a host's text. */
export function readyMarkdown(report: ReadyReport): string {
	const rows = report.items.map((item) =>
		row([
			code(item.name),
			code(item.asks),
			words[item.verdict],
			evidenceLines(item).map(code).join("<br>"),
		]),
	);
	return [
		`**${summaries[report.result]}: ${countsText(report)}**`,
		`${code(`${report.host}, ${report.login}`)} at ${report.time} by ${report.maker}.`,
		[row(head), row(head.map(() => "---")), ...rows].join("\n"),
	]
		.join("\n\n")
		.concat("\n");
}
