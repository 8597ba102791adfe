/**
 * The one comparison: settings and facts in, verdicts out. No tunable has
 * comparison code of its own. The host program holds the same rules in
 * `host/lib/lib.sh` (`compare`); test/host/compare.test.ts holds the
 * two together.
 */

import { highestCpu } from "./cpuSet";
import type { Fact, Layer } from "./facts";
import { shortened, withoutCommands } from "./printable";
import { type Setting, settingId } from "./settings";

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
 * - `unsupported`: this host cannot have it; the fact says why.
 * - `unreadable`: nobody could tell.
 */
export type Verdict = (typeof verdicts)[number];

/** One setting with what the host answered for it. */
export interface Finding {
	readonly setting: Setting;
	readonly live: Fact | undefined;
	readonly boot: Fact | undefined;
	readonly verdict: Verdict;
}

type State = "ok" | "bad" | "unsupported" | "unreadable" | "noLayer";

/** Flags and CPU numbers of a kernel CPU list; undefined when it is none. */
function cpuListItems(text: string): ReadonlySet<string> | undefined {
	const items = new Set<string>();
	let steps = 0;
	for (const part of text === "" ? [] : text.split(",")) {
		if (/^[A-Za-z_]+$/.test(part)) {
			items.add(part);
			continue;
		}
		const range = /^(\d+)(?:-(\d+)(?::(\d+)\/(\d+))?)?$/.exec(part);
		if (range === null) return undefined;
		const first = Number(range[1]);
		const last = Number(range[2] ?? range[1]);
		const used = Number(range[3] ?? 1);
		const group = Number(range[4] ?? 1);
		if (used < 1 || group < 1 || last > highestCpu) return undefined;
		// A list that names all CPUs over and over is a host's, and endless work.
		steps += Math.max(0, last - first);
		if (steps > 4 * highestCpu) return undefined;
		for (let cpu = first; cpu <= last; cpu++) {
			if ((cpu - first) % group < used) items.add(String(cpu));
		}
	}
	return items;
}

function sameCpus(a: string, b: string): boolean {
	const left = cpuListItems(a);
	const right = cpuListItems(b);
	return (
		left !== undefined &&
		right !== undefined &&
		left.size === right.size &&
		[...left].every((item) => right.has(item))
	);
}

/** Whole numbers of any size, and versions: a part that is missing is 0. */
function isAtLeast(value: string, least: string): boolean {
	const form = /^\d+(?:\.\d+)*$/;
	if (!form.test(value) || !form.test(least)) return false;
	const parts = value.split(".").map(BigInt);
	const wanted = least.split(".").map(BigInt);
	const count = Math.max(parts.length, wanted.length);
	for (let index = 0; index < count; index++) {
		const difference = (parts[index] ?? 0n) - (wanted[index] ?? 0n);
		if (difference !== 0n) return difference > 0n;
	}
	return true;
}

function satisfies(value: string, setting: Setting): boolean {
	switch (setting.match) {
		case "absent":
			return false;
		case "atLeast":
			return isAtLeast(value, setting.value);
		case "cpuSet":
			return sameCpus(value, setting.value);
		case "exact":
			return value === setting.value;
	}
}

function stateOf(setting: Setting, fact: Fact | undefined): State {
	if (fact === undefined) return "noLayer";
	switch (fact.status) {
		case "unreadable":
		case "unsupported":
			return fact.status;
		case "absent":
			return setting.match === "absent" ? "ok" : "bad";
		case "value":
			return satisfies(fact.text, setting) ? "ok" : "bad";
	}
}

function verdictOf(setting: Setting, live: State, boot: State): Verdict {
	const states = [live, boot];
	if (states.includes("unreadable")) return "unreadable";
	if (states.every((state) => state === "noLayer")) return "unreadable";
	if (states.includes("unsupported")) return "unsupported";
	if (live === "bad") {
		return setting.effect === "reboot" && boot === "ok"
			? "pendingReboot"
			: "liveDrift";
	}
	return boot === "bad" ? "bootDrift" : "ok";
}

/**
 * Judges every setting by the facts of the same tunable and key.
 *
 * @returns one finding per setting, in the order given; a setting that no
 *   fact speaks of is `unreadable`.
 */
export function compare(
	settings: readonly Setting[],
	facts: readonly Fact[],
): readonly Finding[] {
	const place = (of: { tunable: string; key: string }, layer: Layer) =>
		`${settingId(of)}\t${layer}`;
	const byPlace = new Map(facts.map((f) => [place(f, f.layer), f]));
	return settings.map((setting) => {
		const live = byPlace.get(place(setting, "live"));
		const boot = byPlace.get(place(setting, "boot"));
		const verdict = verdictOf(
			setting,
			stateOf(setting, live),
			stateOf(setting, boot),
		);
		return { setting, live, boot, verdict };
	});
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

function layerText(
	setting: Setting,
	layer: Layer,
	fact: Fact | undefined,
): string | undefined {
	if (fact === undefined || stateOf(setting, fact) === "ok") return undefined;
	return withoutCommands(
		`${layer}: ${shortened(factText(fact), longestObserved)}`,
	);
}

/**
 * What state and previews show for a key: the declared text where the host
 * satisfies it or will after a reboot, else each deviating layer by name,
 * such as `live: 212992, boot: absent`.
 */
export function observedText({
	setting,
	live,
	boot,
	verdict,
}: Finding): string {
	if (verdict === "ok" || verdict === "pendingReboot") {
		return setting.value;
	}
	const parts = [
		layerText(setting, "live", live),
		layerText(setting, "boot", boot),
	].filter((part) => part !== undefined);
	return parts.length === 0 ? "unreadable: no answer" : parts.join(", ");
}
