/**
 * What is about to change on a host, for the person who watches `pulumi up`.
 * Said by the provider, not by the apply command, whose output would stay in
 * the state for good.
 */

import { settingId } from "../model/settings";
import { expectedText, type Finding, observedText } from "../model/verdict";

// Where only the reboot is missing, there is nothing to write.
function isChanged({ verdict }: Finding): boolean {
	return verdict === "liveDrift" || verdict === "bootDrift";
}

// Long values, such as a file's content, have no place in a table.
const longest = 60;

function shown(text: string): string {
	if (text === "") return '""';
	return text.length > longest ? `${text.slice(0, longest)}...` : text;
}

/**
 * One aligned line per key: what it is, and what it will be.
 *
 * @param dropped ids of settings that go back to what they were.
 * @returns empty text when nothing changes.
 */
export function planText(
	findings: readonly Finding[],
	dropped: readonly string[],
): string {
	const lines = [
		...findings
			.filter(isChanged)
			.map(
				(finding) =>
					[
						settingId(finding.setting),
						`${shown(observedText(finding))} -> ${shown(expectedText(finding.setting))}`,
					] as const,
			),
		...dropped.map((id) => [id, "-> as before metaltune"] as const),
	];
	const width = Math.max(0, ...lines.map(([id]) => id.length));
	return lines.map(([id, text]) => `${id.padEnd(width)}  ${text}`).join("\n");
}
