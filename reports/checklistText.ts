/** A checklist report as terminal text, and as Markdown. */

import { printable, printableLines } from "../model/printable";
import type {
	CheckedItem,
	ChecklistReport,
	ItemVerdict,
} from "../observe/checklist/checklistReport";
import type { Evidence } from "../observe/checklist/evidence";
import { cellText } from "../observe/drift/driftReport";
import type { Renderers } from "./formats";
import { printableJson } from "./json";
import { code, row } from "./markdown";
import { listRows } from "./table";
import { wrapped } from "./wrap";

const words = {
	ok: "ok",
	notOk: "not ok",
	notApplicable: "not applicable",
	couldNotTell: "undetermined",
} as const satisfies { [V in ItemVerdict]: string };

const head = ["item", "asks", "verdict", "evidence"];
const longestValue = 120;
const longestExpected = 60;

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

/** One line per piece of evidence, and at least one line. */
function evidenceLines({ why, evidence }: CheckedItem): readonly string[] {
	const lines = evidence.map((each) => `${each.key}: ${seenText(each)}`);
	return why === "" && lines.length > 0 ? lines : [...lines, why];
}

/** `12 ok, 1 not ok`, without zero counts. */
function countsText({ items }: ChecklistReport): string {
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
	couldNotTell: "undetermined",
} as const satisfies { [R in ChecklistReport["result"]]: string };

function summaryText(report: ChecklistReport): string {
	return `${report.host}: ${summaries[report.result]}: ${countsText(report)} (${report.maker})`;
}

function indented(line: string, columns: number | undefined): string {
	const lines =
		columns === undefined ? [line] : wrapped(line, Math.max(2, columns - 4));
	return lines
		.map((each, index) => `${index === 0 ? "  " : "    "}${each}`)
		.join("\n");
}

/** An aligned line per item, with its evidence below it, then the count. */
export function checklistText(
	report: ChecklistReport,
	columns?: number,
): string {
	const rows = report.items.map(({ name, asks, verdict }) => [
		words[verdict],
		name,
		asks,
	]);
	const [head = "", ...lines] = listRows(
		["verdict", "item", "asks"],
		rows,
		columns,
	);
	const items = report.items.flatMap((item, index) => [
		lines[index] ?? "",
		...evidenceLines(item).map((line) => indented(printable(line), columns)),
	]);
	return printableLines([head, ...items, summaryText(report)].join("\n"));
}

/** One table; evidence is shown as code, because its text comes from a host. */
export function checklistMarkdown(report: ChecklistReport): string {
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

export const checklistFormats = {
	text: checklistText,
	json: printableJson,
	markdown: checklistMarkdown,
} as const satisfies Renderers<ChecklistReport>;
