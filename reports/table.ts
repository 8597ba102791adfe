/**
 * Tables as text without colour, so that they can be piped. On a terminal, no
 * row is wider than the terminal. Long cells are broken into lines, and a cell
 * with too many lines ends with `…`.
 */
import stringWidth from "string-width";
import { printable, printableLines } from "../model/printable";
import { columnWidths } from "./columnWidths";
import { atMost, withShortHashes, wrapped } from "./wrap";

type Row = readonly string[];

/** Without a terminal, a width that is still easy to read. */
const readable = 60;
/** Lines of a cell on a terminal, or of a sentence in a list. */
const mostLines = 6;
const mostSentenceLines = 12;
function safe(rows: readonly Row[]): readonly Row[] {
	return rows.map((row) => row.map((cell) => withShortHashes(printable(cell))));
}

/** The widths that fit a terminal; undefined without one. */
function fitting(
	rows: readonly Row[],
	columns: number | undefined,
	{ spent, most }: { readonly spent: number; readonly most: number },
): readonly number[] | undefined {
	if (columns === undefined) return undefined;
	const all = (rows[0] ?? []).map((_, index) =>
		Math.max(...rows.map((row) => stringWidth(row[index] ?? ""))),
	);
	const fits = all.reduce((sum, each) => sum + each, spent) <= columns;
	return fits ? all : columnWidths(rows, columns - spent, most);
}

/** The lines of each cell; on a terminal, without those beyond the limit. */
function broken(
	rows: readonly Row[],
	widths: readonly number[] | undefined,
	most: number,
): readonly (readonly Row[])[] {
	return rows.map((row) =>
		row.map((cell, index) => {
			const width = widths?.[index] ?? readable;
			const lines = wrapped(cell, width);
			return widths === undefined ? lines : atMost(lines, most, width);
		}),
	);
}

function padded(text: string, width: number): string {
	return text + " ".repeat(Math.max(0, width - stringWidth(text)));
}

/** The lines of every row, as cells padded to the width of their column. */
function laidOut(
	rows: readonly (readonly Row[])[],
): readonly (readonly Row[])[] {
	const widths = (rows[0] ?? []).map((_, index) =>
		Math.max(
			...rows
				.flatMap((row) => row[index] ?? [])
				.map((line) => stringWidth(line)),
		),
	);
	return rows.map((row) => {
		const height = Math.max(...row.map((lines) => lines.length));
		return Array.from({ length: height }, (_, line) =>
			row.map((lines, index) => padded(lines[line] ?? "", widths[index] ?? 0)),
		);
	});
}

/**
 * Rows under a head with lines between the cells, for values to be compared.
 * Every cell is made safe to print.
 *
 * @param columns of the terminal; without one, nothing is left out.
 */
export function table(
	head: Row,
	rows: readonly Row[],
	columns?: number,
): string {
	const all = safe([head, ...rows]);
	const spent = 3 * head.length + 1;
	const widths = fitting(all, columns, { spent, most: mostLines });
	const [top = [], ...body] = laidOut(broken(all, widths, mostLines));
	const row = (cells: Row) => `│ ${cells.join(" │ ")} │`;
	const border = (left: string, middle: string, right: string) =>
		left +
		(top[0] ?? [])
			.map((cell) => "─".repeat(stringWidth(cell) + 2))
			.join(middle) +
		right;
	return printableLines(
		[
			border("┌", "┬", "┐"),
			...top.map(row),
			border("├", "┼", "┤"),
			...body.flat().map(row),
			border("└", "┴", "┘"),
		].join("\n"),
	);
}

/** The head and the rows of a list, each as one text of one or more lines. */
export function listRows(
	head: Row,
	rows: readonly Row[],
	columns?: number,
): readonly string[] {
	const all = safe([head, ...rows]);
	const spent = 2 * (head.length - 1);
	const widths = fitting(all, columns, { spent, most: mostSentenceLines });
	return laidOut(broken(all, widths, mostSentenceLines)).map((row) =>
		printableLines(row.map((cells) => cells.join("  ").trimEnd()).join("\n")),
	);
}

/** Rows under a head as aligned text without lines, for all other lists. */
export function list(
	head: Row,
	rows: readonly Row[],
	columns?: number,
): string {
	return listRows(head, rows, columns).join("\n");
}
