/** Prints reports in the requested format. */
import { type Renderers, rendered } from "../reports/formats";
import type { FormatChoice } from "./options";

/** Resolves when all of the text has left this process. */
export function print(text: string): Promise<void> {
	return new Promise((resolve) => {
		process.stdout.write(`${text.trimEnd()}\n`, () => resolve());
	});
}

/** The terminal's width; undefined where the output is not a terminal. */
function terminalColumns(): number | undefined {
	// A terminal of unknown size reports 0.
	return process.stdout.isTTY ? process.stdout.columns || undefined : undefined;
}

/** Prints a report in the format that the options name. */
export function printReport<Report>(
	renderers: Renderers<Report>,
	report: Report,
	{ format, json }: FormatChoice,
): Promise<void> {
	const chosen = json === true ? "json" : format;
	return print(rendered(renderers, chosen, report, terminalColumns()));
}
