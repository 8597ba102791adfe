/**
 * What the host program says of a setting, and how people read it. The host
 * judges: host/lib/compare.awk is the one comparison.
 */

import type { Fact, Layer } from "./facts";
import { shortened, withoutCommands } from "./printable";
import type { Setting } from "./settings";

export const verdicts = [
	"ok",
	"liveDrift",
	"bootDrift",
	"pendingReboot",
	"unsupported",
	"unreadable",
] as const;

/**
 * - `ok`: right now and after the next boot.
 * - `liveDrift`: not in effect, and apply can change that.
 * - `bootDrift`: in effect, but the next boot will lose it.
 * - `pendingReboot`: the next boot will make it so.
 * - `unsupported`: not supported on this host; the fact says why.
 * - `unreadable`: nobody could tell.
 */
export type Verdict = (typeof verdicts)[number];

/** What one layer means for a setting; `-`: the key has no such layer. */
export const states = ["ok", "bad", "unsupported", "unreadable", "-"] as const;

export type State = (typeof states)[number];

/** One setting with what the host answered and judged of it. */
export interface Finding {
	readonly setting: Setting;
	readonly live: Fact | undefined;
	readonly boot: Fact | undefined;
	readonly states: { readonly [layer in Layer]: State };
	readonly verdict: Verdict;
}

/** A fact in words: its value, or its status with the reason. */
export function factText(fact: Fact): string {
	if (fact.status === "value") return fact.text;
	return fact.text === "" ? fact.status : `${fact.status}: ${fact.text}`;
}

/** What a setting asks for, in words: `134217728`, `>= 4096`, `absent`. */
export function expectedText(setting: Setting): string {
	switch (setting.match) {
		case "absent":
			return "absent";
		case "atLeast":
			return `>= ${setting.value}`;
		case "cpuSet":
		case "exact":
			return setting.value;
	}
}

// A host can answer anything. State and previews show it, and every byte of state
// is written with every step of a deployment.
const longestObserved = 512;

/** Why a host cannot have a setting that is `unsupported`; else empty. */
export function unsupportedReason({ live, boot }: Finding): string {
	const fact = [live, boot].find((each) => each?.status === "unsupported");
	return withoutCommands(shortened(fact?.text ?? "", longestObserved));
}

function layerText(finding: Finding, layer: Layer): string | undefined {
	const fact = finding[layer];
	if (fact === undefined || finding.states[layer] === "ok") return undefined;
	return withoutCommands(
		`${layer}: ${shortened(factText(fact), longestObserved)}`,
	);
}

/**
 * What state and previews show for a key: the declared text where the host
 * satisfies it or will after a reboot, else each deviating layer by name,
 * such as `live: 212992, boot: absent`.
 */
export function observedText(finding: Finding): string {
	const { setting, verdict } = finding;
	if (verdict === "ok" || verdict === "pendingReboot") {
		return setting.value;
	}
	const parts = [layerText(finding, "live"), layerText(finding, "boot")].filter(
		(part) => part !== undefined,
	);
	return parts.length === 0 ? "unreadable: no answer" : parts.join(", ");
}
