/**
 * The host program's verdicts on settings, and how they are shown. The host
 * judges: host/lib/compare.awk is the only comparison.
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
 * - `ok`: in effect now and after the next boot.
 * - `liveDrift`: not in effect, and apply can change that.
 * - `bootDrift`: in effect, but the next boot will lose it.
 * - `pendingReboot`: the next boot will make it effective.
 * - `unsupported`: not supported on this host; the fact says why.
 * - `unreadable`: the value could not be read.
 */
export type Verdict = (typeof verdicts)[number];

/** The state of a setting in one layer; `-`: the key has no such layer. */
export const states = ["ok", "bad", "unsupported", "unreadable", "-"] as const;

export type State = (typeof states)[number];

/** One setting with the host's facts and verdict. */
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

// A host can send a text of any length. State and previews show it, and every
// step of a deployment writes the whole state again.
const longestObserved = 512;

/** Why an `unsupported` setting is not supported on the host; else empty. */
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
 * What state and previews show for a key. It is the declared text where the
 * host satisfies it or will after a reboot. Otherwise it is each deviating
 * layer by name, such as `live: 212992, boot: absent`.
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
