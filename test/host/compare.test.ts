/**
 * The host program and the controller judge by the same rules: both get the
 * same random settings and facts and must say the same.
 */
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { hostLibrary } from "../../host/assemble";
import { compare, observedText } from "../../model/compare";
import { type Fact, factStatuses, type Layer, layers } from "../../model/facts";
import {
	effects,
	encodeSettings,
	matches,
	type Setting,
} from "../../model/settings";

const value = fc.oneof(
	fc.constantFrom(
		"",
		"0",
		"00",
		"off",
		"4096 87380 134217728",
		"0-3",
		"0,1,2,3",
		"3,0-2",
		"domain,managed_irq,8-15",
		"managed_irq,domain,8,9-15",
		"0-31:2/4",
		"0,1,4,5,8,9,12,13,16,17,20,21,24,25,28,29",
		"8-",
		"a b",
		"-1",
		"18446744073692774399",
		"18446744073692774400",
		"99999999999999999999999",
		"5.1",
		"5.10.0",
		"5.2",
		"5.1.",
		"05.1.0",
		"6.1.0-18-amd64",
	),
	fc.nat(40).map(String),
);

const setting = fc.record({
	tunable: fc.constantFrom("sysctl", "memory"),
	key: fc.constantFrom("a", "b.c", "d", "e/f.g"),
	match: fc.constantFrom(...matches),
	value,
	effect: fc.constantFrom(...effects),
});

const settingsList = fc.uniqueArray(setting, {
	selector: (s) => `${s.tunable}.${s.key}`,
	maxLength: 8,
});

/** At most one fact per key and layer, as a host answers. */
function factsFor(settings: readonly Setting[]) {
	return fc
		.tuple(
			...settings.flatMap((s) =>
				layers.map((layer: Layer) =>
					fc.option(
						fc.record({
							tunable: fc.constant(s.tunable),
							key: fc.constant(s.key),
							layer: fc.constant(layer),
							status: fc.constantFrom(...factStatuses),
							text: fc.oneof(fc.constant(s.value), value),
							source: fc.constant<string>("-"),
						}),
						{ nil: undefined },
					),
				),
			),
		)
		.map((facts) => facts.filter((fact): fact is Fact => fact !== undefined));
}

function hostVerdicts(settings: readonly Setting[], facts: readonly Fact[]) {
	const lines = [
		...encodeSettings(settings)
			.split("\n")
			.filter((line) => line !== "")
			.map((line) => `setting\t${line}`),
		...facts.map((f) =>
			["fact", f.tunable, f.key, f.layer, f.status, f.text, f.source].join(
				"\t",
			),
		),
	];
	const run = spawnSync("sh", ["-c", `${hostLibrary()}\ncompare`], {
		input: lines.map((line) => `${line}\n`).join(""),
		encoding: "utf8",
	});
	expect(run).toMatchObject({ status: 0, stderr: "" });
	return run.stdout
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => line.split("\t").slice(0, 3).join(" "));
}

test("the host and the controller judge alike", () => {
	fc.assert(
		fc.property(
			settingsList.chain((settings) =>
				fc.tuple(fc.constant(settings), factsFor(settings)),
			),
			([settings, facts]) => {
				const ours = compare(settings, facts).map(
					({ setting: { tunable, key }, verdict }) =>
						`${tunable} ${key} ${verdict}`,
				);
				expect(hostVerdicts(settings, facts)).toEqual(ours);
			},
		),
		{ numRuns: 200, endOnFailure: true },
	);
}, 60_000);

describe("verdicts", () => {
	const rmemMax: Setting = {
		tunable: "sysctl",
		key: "net.core.rmem_max",
		match: "exact",
		value: "0",
		effect: "live",
	};
	const answer = (
		layer: Layer,
		status: Fact["status"],
		text: string,
	): Fact => ({ ...rmemMax, layer, status, text, source: "-" });

	test.each([
		["0 is a value", answer("live", "value", "0"), "ok", "0"],
		["empty is not 0", answer("live", "value", ""), "liveDrift", "live: "],
		[
			"absent is not 0",
			answer("live", "absent", ""),
			"liveDrift",
			"live: absent",
		],
		[
			"unreadable is not absent",
			answer("live", "unreadable", "Permission denied"),
			"unreadable",
			"live: unreadable: Permission denied",
		],
		[
			"unsupported is not a failure",
			answer("live", "unsupported", "no such key"),
			"unsupported",
			"live: unsupported: no such key",
		],
	] as const)("%s", (_name, live, verdict, observed) => {
		const [finding] = compare([rmemMax], [live, answer("boot", "value", "0")]);
		expect(finding?.verdict).toBe(verdict);
		expect(finding && observedText(finding)).toBe(observed);
	});

	test("a setting no fact speaks of is unreadable", () => {
		const [finding] = compare([rmemMax], []);
		expect(finding?.verdict).toBe("unreadable");
		expect(finding && observedText(finding)).toBe("unreadable: no answer");
	});

	test("only the next boot can change a reboot setting", () => {
		const facts = [answer("live", "value", "1"), answer("boot", "value", "0")];
		const verdictFor = (effect: Setting["effect"]) =>
			compare([{ ...rmemMax, effect }], facts)[0]?.verdict;
		expect(verdictFor("live")).toBe("liveDrift");
		expect(verdictFor("reboot")).toBe("pendingReboot");
	});
});
