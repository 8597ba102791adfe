/** JSON for programs, which people look at in terminals too. */
import { printableLines } from "../model/printable";

/** A value as indented JSON that is safe to print, and still JSON. */
export function printableJson(value: unknown): string {
	return printableLines(JSON.stringify(value, undefined, 2));
}
