/** The plan of a repair as terminal text. */
import { printableLines } from "../model/printable";
import type { RepairPlan } from "../observe/drift/repairPlan";

/** A sentence per line; empty when there is nothing to report. */
export function repairText({
	left,
	deployedToo,
	refused,
	reasons,
}: RepairPlan): string {
	return [
		...refused.map((each) => `refused: ${each}`),
		...reasons.map((each) => `repaired too: ${each}`),
		...deployedToo.map((each) => `deployed too: ${each}`),
		...left.map((each) => `left alone: ${each}`),
	]
		.map((sentence) => `${printableLines(sentence)}\n`)
		.join("");
}
