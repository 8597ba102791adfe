/** JSON for programs, also safe to show in a terminal. */
import { printableLines } from "../model/printable";

/** A value as indented JSON without unsafe characters. */
export function printableJson(value: unknown): string {
	return printableLines(JSON.stringify(value, undefined, 2));
}
