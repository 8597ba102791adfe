/** Lengths of the host program's files and functions, as Biome checks those of TypeScript. */
import type { Source } from "./awkPrograms";
import { codeOf, type Line } from "./sourceNames";

const longestFile = 250;
const longestFunction = 40;

/** The lines of code between a function's first line and its closing brace, for each. */
function functionsIn(lines: readonly Line[]): ReadonlyMap<Line, number> {
	const lengths = new Map<Line, number>();
	let head: { readonly line: Line; readonly index: number } | undefined;
	for (const [index, line] of lines.entries()) {
		if (/^(function )?\w+\(.*\) \{$/.test(line.code)) head = { line, index };
		if (line.code !== "}" || head === undefined) continue;
		lengths.set(head.line, index - head.index - 1);
		head = undefined;
	}
	return lengths;
}

/**
 * Comments and blank lines do not count.
 *
 * @throws Error with the first file or function that is too long.
 */
export function checkLengths(file: Source): void {
	const lines = codeOf(file).filter(({ code }) => code.trim() !== "");
	if (lines.length > longestFile) {
		throw new Error(
			`${file.path}: expected at most ${longestFile} lines of code, got ${lines.length}; move what belongs together to a file of its own`,
		);
	}
	for (const [{ where }, length] of functionsIn(lines)) {
		if (length <= longestFunction) continue;
		throw new Error(
			`${where}: expected a function of at most ${longestFunction} lines of code, got ${length}; split it`,
		);
	}
}
