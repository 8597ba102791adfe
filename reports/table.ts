/**
 * Tables for a person, without colour, so that they survive a pipe. On a
 * terminal, no row is wider than it: long cells are broken into lines, and one
 * that takes too many ends with `…`.
 */
import Table from "cli-table3";
import stringWidth from "string-width";
import { printable, printableLines } from "../model/printable";
import { atMost, piecesOf, withShortHashes, wrapped } from "./wrap";

type Row = readonly string[];

/** Without a terminal, what a reader can still follow from line to line. */
const readable = 60;
/** Lines of a cell on a terminal. */
const mostLines = 4;
/** A longer word is broken like any other text. */
const longestPiece = 24;

interface Width {
	/** Of the longest cell, and of the longest piece that is better not broken. */
	readonly whole: number;
	readonly piece: number;
}

function widthOf(cells: Row): Width {
	const longest = (texts: readonly string[]) =>
		Math.max(0, ...texts.map((text) => stringWidth(text)));
	return {
		whole: longest(cells),
		piece: Math.min(longest(cells.flatMap(piecesOf)), longestPiece),
	};
}

/**
 * Shares the terminal among columns: the widest give way first.
 *
 * @param least what a column has in any case.
 * @returns undefined where not even that fits.
 */
function shared(
	widths: readonly Width[],
	available: number,
	least: (width: Width) => number,
): readonly number[] | undefined {
	for (let limit = available; limit > 0; limit--) {
		const all = widths.map((width) =>
			Math.min(width.whole, Math.max(limit, least(width))),
		);
		if (all.reduce((sum, each) => sum + each, 0) <= available) return all;
	}
	return undefined;
}

function safe(rows: readonly Row[]): readonly Row[] {
	return rows.map((row) => row.map((cell) => withShortHashes(printable(cell))));
}

function widthsOf(rows: readonly Row[]): readonly Width[] {
	return (rows[0] ?? []).map((_, index) =>
		widthOf(rows.map((row) => row[index] ?? "")),
	);
}

/** Cells with their line breaks; on a terminal, without what is too much. */
function broken(
	rows: readonly Row[],
	widths: readonly number[] | undefined,
): readonly string[][] {
	return rows.map((row) =>
		row.map((cell, index) => {
			const width = widths?.[index] ?? readable;
			const lines = wrapped(cell, width);
			return (
				widths === undefined ? lines : atMost(lines, mostLines, width)
			).join("\n");
		}),
	);
}

function drawn(
	rows: readonly string[][],
	options: Table.TableConstructorOptions,
): string {
	const [head = [], ...body] = rows;
	const style = { head: [], border: [], compact: true, ...options.style };
	const text = new Table({ ...options, head, style });
	text.push(...body);
	return printableLines(text.toString());
}

/**
 * Rows under a head with lines between the cells, for values that a reader
 * compares with one another; without the lines where the terminal is too narrow
 * for them. Every cell is made safe to print.
 *
 * @param columns of the terminal; without one, nothing is left out.
 */
export function table(
	head: Row,
	rows: readonly Row[],
	columns?: number,
): string {
	const all = safe([head, ...rows]);
	if (columns === undefined) return drawn(broken(all, undefined), {});
	const spent = 3 * head.length + 1;
	const widths = shared(
		widthsOf(all),
		columns - spent,
		({ piece }: Width) => piece,
	);
	return widths === undefined
		? list(head, rows, columns)
		: drawn(broken(all, widths), {});
}

const noLines = Object.fromEntries(
	["top", "bottom", "left", "right", "mid"]
		.flatMap((side) => [side, `${side}-left`, `${side}-right`, `${side}-mid`])
		.concat("left-mid", "right-mid")
		.map((name) => [name, ""]),
);

/** Rows under a head as aligned text without lines, for all other lists. */
export function list(
	head: Row,
	rows: readonly Row[],
	columns?: number,
): string {
	const all = safe([head, ...rows]);
	const given = widthsOf(all);
	const available = (columns ?? 0) - 2 * (head.length - 1);
	const widths =
		columns === undefined
			? undefined
			: (shared(given, available, ({ piece }) => piece) ??
				shared(given, available, () => 1) ??
				given.map(() => 1));
	return drawn(broken(all, widths), {
		chars: { ...noLines, middle: "  " },
		style: { "padding-left": 0, "padding-right": 0 },
	}).replace(/ +$/gm, "");
}
