/** The formats of a drift report. */
import type { DriftReport } from "../observe/drift/driftReport";
import { driftJunit } from "./driftJunit";
import { driftMarkdown } from "./driftMarkdown";
import { driftText } from "./driftText";
import type { Renderers } from "./formats";
import { printableJson } from "./json";

export const driftFormats = {
	text: driftText,
	json: printableJson,
	junit: driftJunit,
	markdown: driftMarkdown,
} as const satisfies Renderers<DriftReport>;
