/** The one issue per stack: when it is opened, updated and closed. */
import { fieldsOf, textOf } from "../../model/plainData";
import type { DriftResult } from "../../observe/drift/driftReport";
import { jsonIn } from "../jsonFile";
import type { Issues } from "./issues";

export interface Wanted {
	readonly title: string;
	readonly body: string;
	readonly isClean: boolean;
}

/**
 * Opens, updates or closes issues until one is open, or none when the stack is
 * clean.
 *
 * @returns a sentence on what was done.
 */
export async function keepIssue(
	issues: Issues,
	wanted: Wanted,
): Promise<string> {
	const { title, body, isClean } = wanted;
	const open = (await issues.find()).filter((each) => each.title === title);
	const [kept, ...duplicates] = open;
	for (const each of duplicates) {
		await issues.close(each, `Kept in #${kept?.number}.`);
	}
	if (isClean) {
		return kept === undefined
			? "clean, and no issue is open"
			: `clean, closed ${await issues.close(kept, body)}`;
	}
	return kept === undefined
		? `opened ${await issues.open(title, body)}`
		: `updated ${await issues.update(kept, body)}`;
}

const results: readonly DriftResult[] = ["clean", "drift", "unknown"];

/**
 * The drift of a stack in a JSON report.
 *
 * @throws Error naming `file` when it is not a report, or one of an inventory.
 */
export function driftOfFile(file: string, text: string) {
	const what = "a report of `metaltune drift --stack`";
	const report = fieldsOf(jsonIn({ path: file, text, what }), file);
	const { stack } = fieldsOf(report.judged, `${file}: judged`);
	const result = results.find((each) => each === report.result);
	if (stack === undefined || result === undefined) {
		throw new Error(`${file}: expected ${what}, got another one`);
	}
	return { stack: textOf(stack, `${file}: judged.stack`), result };
}
