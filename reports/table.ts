/** Tables for a person, without colour, so that they survive a pipe. */
import Table from "cli-table3";
import { printable, printableLines } from "../model/printable";

/** Rows under a head; every cell is made safe to print. */
export function table(
	head: readonly string[],
	rows: readonly (readonly string[])[],
): string {
	const drawn = new Table({
		head: [...head],
		style: { head: [], border: [] },
	});
	drawn.push(...rows.map((row) => row.map(printable)));
	return printableLines(drawn.toString());
}
