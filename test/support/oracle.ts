/**
 * The comparison, written a second time and apart from the host program's awk:
 * the oracle of the property test, and what makes findings for tests of pure
 * functions. No product code imports it.
 */
import { highestCpu } from "../../model/cpuSet";
import type { Fact, Layer } from "../../model/facts";
import { type Setting, settingId } from "../../model/settings";
import type { Finding, State, Verdict } from "../../model/verdict";

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
	if (fact === undefined) return "-";
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
	if (states.every((state) => state === "-")) return "unreadable";
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
		const states = {
			live: stateOf(setting, live),
			boot: stateOf(setting, boot),
		};
		const verdict = verdictOf(setting, states.live, states.boot);
		return { setting, live, boot, states, verdict };
	});
}
