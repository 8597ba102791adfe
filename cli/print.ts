/** Prints reports in the format that a person or a job has asked for. */
import { type Renderers, rendered } from "../reports/formats";
import type { FormatChoice } from "./options";

/** Resolves when the text has left this process, however long it is. */
export function print(text: string): Promise<void> {
	return new Promise((resolve) => {
		process.stdout.write(`${text.trimEnd()}\n`, () => resolve());
	});
}

/** The width of the terminal; undefined where the output is none. */
function terminalColumns(): number | undefined {
	// 0 is what a terminal without a size says.
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
