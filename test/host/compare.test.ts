/**
 * The comparison of the host program: lines in, lines out, by the awk alone; and
 * random settings and facts, on which an oracle that shares no line with it must
 * say the same.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { encodeSettings } from "../../host/protocol";
import { type Fact, factStatuses, type Layer, layers } from "../../model/facts";
import { effects, matches, type Setting } from "../../model/settings";
import { observedText } from "../../model/verdict";
import { compare } from "../support/oracle";

const library = join(__dirname, "../../host/lib");
const awks = ["mawk", "gawk", "original-awk", "busybox awk"] as const;

/** What compare.awk prints for lines, fields split. */
function lines(
	form: "table" | "report",
	given: readonly string[],
	awk: (typeof awks)[number] = "mawk",
): readonly (readonly string[])[] {
	const [command = "", ...words] = awk.split(" ");
	const files = ["lib.awk", "compare.awk"].flatMap((name) => [
		"-f",
		join(library, name),
	]);
	const run = spawnSync(
		command,
		[...words, "-F", "\t", "-v", `form=${form}`, ...files],
		{ input: given.map((line) => `${line}\n`).join(""), encoding: "utf8" },
	);
	expect(run).toMatchObject({ status: 0, stderr: "" });
	return run.stdout
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => line.split("\t"));
}

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

// A probe may name a key twice, with different values.
const settingsList = fc.array(setting, { maxLength: 8 });

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

function encoded(settings: readonly Setting[], facts: readonly Fact[]) {
	return [
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
}

test("the oracle agrees with every verdict and state", () => {
	fc.assert(
		fc.property(
			settingsList.chain((settings) =>
				fc.tuple(fc.constant(settings), factsFor(settings)),
			),
			([settings, facts]) => {
				const expected = compare(settings, facts).map((finding) => [
					"verdict",
					finding.setting.tunable,
					finding.setting.key,
					finding.verdict,
					finding.states.live,
					finding.states.boot,
				]);
				const given = encoded(settings, facts);
				expect(lines("report", given)).toEqual(expected);
				const table = lines("table", given).map((row) => row.slice(0, 5));
				expect(table).toEqual(expected.map((row) => row.slice(1)));
			},
		),
		{ numRuns: 200, endOnFailure: true },
	);
}, 60_000);

describe.each(awks)("verdicts of %s", (awk) => {
	const verdict = (
		wanted: string,
		live: string | undefined,
		boot: string | undefined,
	) => {
		const [line] = lines(
			"report",
			[
				`setting\tx\ty\t${wanted}`,
				...(live === undefined ? [] : [`fact\tx\ty\tlive\t${live}\t-`]),
				...(boot === undefined ? [] : [`fact\tx\ty\tboot\t${boot}\t-`]),
			],
			awk,
		);
		return line?.slice(3).join(" ");
	};
	const is = (text: string) => `value\t${text}`;

	test.each<[string, string, string | undefined, string | undefined, string]>([
		["0 is a value", "exact\t0\tlive", is("0"), is("0"), "ok ok ok"],
		["empty is not 0", "exact\t0\tlive", is(""), is("0"), "liveDrift bad ok"],
		["00 is not 0", "exact\t0\tlive", is("00"), undefined, "liveDrift bad -"],
		[
			"absent is not 0",
			"exact\t0\tlive",
			"absent\t",
			is("0"),
			"liveDrift bad ok",
		],
		[
			"unreadable is not absent",
			"exact\t0\tlive",
			"unreadable\tPermission denied",
			is("0"),
			"unreadable unreadable ok",
		],
		[
			"unsupported is not a failure",
			"exact\t0\tlive",
			"unsupported\tno such key",
			is("1"),
			"unsupported unsupported bad",
		],
		[
			"unreadable outranks unsupported",
			"exact\t0\tlive",
			"unsupported\t",
			"unreadable\t",
			"unreadable unsupported unreadable",
		],
		["no answer", "exact\t0\tlive", undefined, undefined, "unreadable - -"],
		["no live layer", "exact\t0\tlive", undefined, is("0"), "ok - ok"],
		["lost at boot", "exact\t0\tlive", is("0"), is("1"), "bootDrift ok bad"],
		[
			"a boot will do it, but so could apply",
			"exact\t0\tlive",
			is("1"),
			is("0"),
			"liveDrift bad ok",
		],
		[
			"only a boot can do it",
			"exact\t0\treboot",
			is("1"),
			is("0"),
			"pendingReboot bad ok",
		],
		[
			"only a boot could, and will not",
			"exact\t0\treboot",
			is("1"),
			is("1"),
			"liveDrift bad bad",
		],
		["gone", "absent\t\tlive", "absent\t", "absent\t", "ok ok ok"],
		["still there", "absent\t\tlive", is(""), "absent\t", "liveDrift bad ok"],
		["more", "atLeast\t4096\tlive", is("5000"), undefined, "ok ok -"],
		["fewer", "atLeast\t4096\tlive", is("999"), undefined, "liveDrift bad -"],
		["a version", "atLeast\t5.9\tlive", is("5.10.0"), undefined, "ok ok -"],
		["CPUs", "cpuSet\t0-3\tlive", is("3,0-2"), undefined, "ok ok -"],
		[
			"no CPU list",
			"cpuSet\t0-3\tlive",
			is("8-"),
			undefined,
			"liveDrift bad -",
		],
	])("%s", (_name, wanted, live, boot, said) => {
		expect(verdict(wanted, live, boot)).toBe(said);
	});

	test("a CPU list that names all CPUs over and over is no match, soon", () => {
		const text = Array.from({ length: 30_000 }, () => "0-8191").join(",");
		const started = performance.now();
		expect(verdict("cpuSet\t0-8191\tlive", is(text), undefined)).toBe(
			"liveDrift bad -",
		);
		// Expanding it takes a minute.
		expect(performance.now() - started).toBeLessThan(20_000);
	});

	test("a key that is asked for twice is judged twice", () => {
		const said = lines(
			"report",
			[
				"setting\tmachine\tkernel\tatLeast\t5.1\tlive",
				"setting\tmachine\tkernel\tatLeast\t6.6\tlive",
				"fact\tmachine\tkernel\tlive\tvalue\t6.1.0\t-",
			],
			awk,
		);
		expect(said.map((line) => line[3])).toEqual(["ok", "liveDrift"]);
	});
});

describe("values in state and previews", () => {
	const rmemMax: Setting = {
		tunable: "sysctl",
		key: "net.core.rmem_max",
		match: "exact",
		value: "0",
		effect: "live",
	};
	const answer = (status: Fact["status"], text: string): Fact => ({
		...rmemMax,
		layer: "live",
		status,
		text,
		source: "-",
	});

	test.each([
		["0", [answer("value", "0")], "0"],
		["empty", [answer("value", "")], "live: "],
		["absent", [answer("absent", "")], "live: absent"],
		[
			"unreadable",
			[answer("unreadable", "Permission denied")],
			"live: unreadable: Permission denied",
		],
		["no answer", [], "unreadable: no answer"],
	] as const)("%s", (_name, facts, observed) => {
		const [finding] = compare([rmemMax], facts);
		expect(finding && observedText(finding)).toBe(observed);
	});
});
