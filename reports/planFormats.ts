/** The plan of a host as text and JSON. */
import { printable, withoutCommands } from "../model/printable";
import { cellText } from "../observe/drift/driftReport";
import type { HostPlan } from "../observe/drift/hostPlan";
import type { Renderers } from "./formats";
import { printableJson } from "./json";
import { table } from "./table";
import { hanging } from "./wrap";

/** A host can send a text of any length. */
const longest = 600;

function summaryOf({ host, changes }: HostPlan): string {
	if (changes.length === 0) return `${host}: nothing to change`;
	const count = (by: string) => changes.filter((each) => each.by === by).length;
	const parts = (["apply", "reboot", "undetermined"] as const)
		.filter((by) => count(by) > 0)
		.map((by) =>
			by === "undetermined"
				? `${count(by)} undetermined`
				: `${count(by)} by ${by}`,
		);
	return `${host}: ${parts.join(", ")}; nothing was written`;
}

/** A row per change, a sentence per note, and the count. */
export function planText(plan: HostPlan, columns?: number): string {
	const rows = plan.changes.map(({ key, layer, now, planned, by }) =>
		[key, layer, `${now} -> ${planned}`, by].map((text) =>
			cellText(text, longest),
		),
	);
	const sentences = plan.notes
		.map((text) => printable(cellText(`${plan.host}: ${text}`, longest)))
		.map((text) => hanging(withoutCommands(text), columns));
	return [
		...(rows.length === 0
			? []
			: [table(["key", "layer", "now -> planned", "by"], rows, columns)]),
		...sentences,
		hanging(printable(summaryOf(plan)), columns),
	].join("\n");
}

export const planFormats = {
	text: planText,
	json: printableJson,
} as const satisfies Renderers<HostPlan>;
