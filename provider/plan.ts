/**
 * The planned changes of a host, for the operator that watches `pulumi up`. The
 * provider prints them, because the output of the apply command would stay in
 * the state.
 */

import { settingId } from "../model/settings";
import { expectedText, type Finding, observedText } from "../model/verdict";

// Where only the reboot is missing, there is nothing to write.
function isChanged({ verdict }: Finding): boolean {
	return verdict === "liveDrift" || verdict === "bootDrift";
}

// Long values, such as a file's content, are shortened in the table.
const longest = 60;

function shown(text: string): string {
	if (text === "") return '""';
	return text.length > longest ? `${text.slice(0, longest)}...` : text;
}

/**
 * One aligned line per key: its current and its new value.
 *
 * @param dropped ids of settings that are reverted.
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
