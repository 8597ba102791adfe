/** The width of each column of a table that does not fit as it is. */
import stringWidth from "string-width";
import { piecesOf, wrapped } from "./wrap";

type Row = readonly string[];

/** How many rows are measured; later rows are assumed to be similar. */
const sampledRows = 40;
/** The cost of a broken word, and of a shortened cell, in lines. */
const brokenWord = 8;
const cutCell = 100;
/** A longer word is broken like any other text. */
const longestWord = 30;

/** The cost of a column at each width, from 1 on: its lines and its losses. */
function costsOf(
	cells: Row,
	available: number,
	most: number,
): readonly number[] {
	const natural = Math.max(1, ...cells.map((cell) => stringWidth(cell)));
	const widest = Math.max(1, Math.min(natural, available));
	const words = cells.map((cell) =>
		Math.max(0, ...piecesOf(cell).map((piece) => stringWidth(piece))),
	);
	const cost = (cell: string, width: number, word: number) => {
		// Text beyond the shown lines is not counted.
		const shown = wrapped(cell.slice(0, (most + 1) * width), width);
		// A wide character takes two columns.
		if (shown.some((line) => stringWidth(line) > width)) {
			return Number.POSITIVE_INFINITY;
		}
		const lines = shown.length;
		const isBroken = word > width && word <= longestWord;
		return (
			Math.min(lines, most) +
			(isBroken ? brokenWord : 0) +
			(lines > most ? cutCell + cell.length / width : 0)
		);
	};
	return Array.from({ length: widest }, (_, index) =>
		cells.reduce(
			(sum, cell, row) => sum + cost(cell, index + 1, words[row] ?? 0),
			0,
		),
	);
}

interface Choice {
	readonly cost: number;
	readonly widths: readonly number[];
}

/** The best choices with one more column, by their total width. */
function withColumn(
	choices: readonly (Choice | undefined)[],
	costs: readonly number[],
	available: number,
): readonly (Choice | undefined)[] {
	const next: (Choice | undefined)[] = [];
	for (const [room, choice] of choices.entries()) {
		if (choice === undefined) continue;
		for (const [index, more] of costs.entries()) {
			const taken = room + index + 1;
			if (taken > available) break;
			const cost = choice.cost + more;
			if (cost < (next[taken]?.cost ?? Number.POSITIVE_INFINITY)) {
				next[taken] = { cost, widths: [...choice.widths, index + 1] };
			}
		}
	}
	return next;
}

/**
 * The widths at which the rows have the fewest lines.
 *
 * @param available columns for all, without separators.
 * @param most lines of a cell; the rest would be left out.
 */
export function columnWidths(
	rows: readonly Row[],
	available: number,
	most: number,
): readonly number[] {
	const some = rows.slice(0, sampledRows);
	const columns = (rows[0] ?? []).map((_, index) =>
		some.map((row) => row[index] ?? ""),
	);
	let choices: readonly (Choice | undefined)[] = [{ cost: 0, widths: [] }];
	for (const cells of columns) {
		choices = withColumn(choices, costsOf(cells, available, most), available);
	}
	const best = choices
		.filter((choice) => choice !== undefined)
		.toSorted((a, b) => a.cost - b.cost)[0];
	// With less than one character per column, nothing fits.
	return best?.widths ?? columns.map(() => 1);
}
