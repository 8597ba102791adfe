/** Writes reports into files, each in the format of its file name's ending. */
import { writeFileSync } from "node:fs";
import { InvalidArgumentError } from "commander";
import {
	formatOfFile,
	formats,
	formatsOf,
	type Renderers,
	rendered,
} from "../reports/formats";

/**
 * Reads a repeatable option that names a file.
 *
 * @throws InvalidArgumentError with the endings that the report supports.
 */
export function reportFile(renderers: object) {
	return (path: string, earlier: readonly string[] = []) => {
		if (formatOfFile(path, renderers) === undefined) {
			const endings = formatsOf(renderers).flatMap(
				(format) => formats[format] ?? [],
			);
			throw new InvalidArgumentError(
				`expected a file that ends in ${endings.join(", ")}`,
			);
		}
		return [...earlier, path];
	};
}

/** Writes the report into each file. */
export function writeReports<Report>(
	renderers: Renderers<Report>,
	report: Report,
	paths: readonly string[],
): void {
	for (const path of paths) {
		const format = formatOfFile(path, renderers) ?? "text";
		const text = rendered(renderers, format, report);
		writeFileSync(path, `${text.trimEnd()}\n`);
	}
}
