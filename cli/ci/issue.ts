/** The one issue per stack: when it is opened, updated and closed. */
import { fieldsOf, textOf } from "../../model/plainData";
import type { DriftResult } from "../../observe/drift/report";

export const label = "metaltune-drift";

/** An open issue with our label. */
export interface Issue {
	readonly number: number;
	readonly title: string;
}

/** Where issues are kept. */
export interface Forge {
	/** Open issues with `label`, oldest first. */
	find(): Promise<readonly Issue[]>;
	/** @returns where a person finds it. */
	open(title: string, body: string): Promise<string>;
	update(issue: Issue, body: string): Promise<string>;
	close(issue: Issue, comment: string): Promise<string>;
}

export interface Wanted {
	readonly title: string;
	readonly body: string;
	readonly isClean: boolean;
}

/**
 * Makes the open issues of this title what they should be: one, or none when
 * the stack is clean.
 *
 * @returns a sentence on what was done.
 */
export async function keepIssue(forge: Forge, wanted: Wanted): Promise<string> {
	const { title, body, isClean } = wanted;
	const open = (await forge.find()).filter((each) => each.title === title);
	const [kept, ...twins] = open;
	for (const twin of twins) {
		await forge.close(twin, `Kept in #${kept?.number}.`);
	}
	if (isClean) {
		return kept === undefined
			? "clean, and no issue is open"
			: `clean, closed ${await forge.close(kept, body)}`;
	}
	return kept === undefined
		? `opened ${await forge.open(title, body)}`
		: `updated ${await forge.update(kept, body)}`;
}

const results: readonly DriftResult[] = ["clean", "drift", "unknown"];

/**
 * What a JSON report says of a stack.
 *
 * @throws Error naming `file` when it is no report, or one of an inventory.
 */
export function driftOfFile(file: string, text: string) {
	const report = fieldsOf(JSON.parse(text), file);
	const { stack } = fieldsOf(report.judged, `${file}: judged`);
	const result = results.find((each) => each === report.result);
	if (stack === undefined || result === undefined) {
		throw new Error(
			`${file}: expected a report of \`metaltune drift --stack\`, got another one`,
		);
	}
	return { stack: textOf(stack, `${file}: judged.stack`), result };
}
