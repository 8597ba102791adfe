/** What a checklist makes of a host's answers, in every format. */
import { describe, expect, test } from "@jest/globals";
import type { Checklist } from "../../../inventory/sections/checklist";
import type { Fact } from "../../../model/facts";
import type { Setting } from "../../../model/settings";
import {
	type ChecklistReport,
	checklistExitCode,
	checklistReport,
	checklistSettings,
} from "../../../observe/checklist/checklistReport";
import {
	checklistMarkdown,
	checklistText,
} from "../../../reports/checklistText";
import { compare } from "../../support/oracle";

const setting = (tunable: string, key: string, value: string): Setting => ({
	tunable,
	key,
	match: "exact",
	value,
	effect: "live",
});

const settings = [
	setting("smt", "control", "off"),
	setting("sysctl", "vm.swappiness", "0"),
	setting("cpuFrequency", "governor", "performance"),
	setting("ethtool", "eth0.rings.rx", "4096"),
	setting("ethtool", "eth0.rings.tx", "4096"),
];

type Answer = readonly [
	id: string,
	text: string,
	status?: Fact["status"],
	layer?: Fact["layer"],
];

function fact([id, text, status = "value", layer = "live"]: Answer): Fact {
	const [tunable = "", ...key] = id.split(".");
	const source = `/where/${id}`;
	return { tunable, key: key.join("."), layer, status, text, source };
}

const right: readonly Answer[] = [
	["smt.control", "off"],
	["sysctl.vm.swappiness", "0"],
	["cpuFrequency.governor", "performance"],
	["ethtool.eth0.rings.rx", "4096"],
	["ethtool.eth0.rings.tx", "4096"],
];

/** The right answers, but for those given. */
function reportOf(checklist: Checklist, others: readonly Answer[] = []) {
	const place = ([id, , , layer = "live"]: Answer) => `${id} ${layer}`;
	const answers = new Map([...right, ...others].map((a) => [place(a), a]));
	return checklistReport({ name: "fx-1", login: "root@fx-1:22" }, checklist, {
		settings,
		findings: compare(
			[...settings, ...checklistSettings(checklist)],
			[...answers.values()].map(fact),
		),
		time: new Date(0),
		watched: { verdict: "notApplicable", why: "not measured" },
	});
}

function verdicts({ items }: ChecklistReport) {
	return items.map(({ name, verdict }) => `${name} ${verdict}`);
}

const all: Checklist = {
	A: { asks: "SMT off", settings: ["smt.control"] },
	B: { asks: "Governor", settings: ["cpuFrequency.*"] },
	C: { asks: "Rings", settings: ["ethtool.*.rings.*", "smt.control"] },
	D: { asks: "Code", notOnHost: "in the code" },
};

test("everything right is ready", () => {
	const report = reportOf(all);
	expect(verdicts(report)).toEqual(["A ok", "B ok", "C ok", "D notApplicable"]);
	expect(report.result).toBe("ok");
	expect(checklistExitCode(report)).toBe(0);
	expect(report.items[2]?.evidence.map(({ key }) => key)).toEqual([
		"ethtool.eth0.rings.rx",
		"ethtool.eth0.rings.tx",
		"smt.control",
	]);
	expect(report.items[0]?.evidence[0]?.seen).toEqual([
		{ layer: "live", found: "off", source: "/where/smt.control" },
	]);
});

describe("one answer changes the verdict:", () => {
	test.each<readonly [string, Answer, string, 0 | 1 | 2]>([
		["another value", ["smt.control", "on"], "A notOk", 2],
		["absent", ["smt.control", "", "absent"], "A notOk", 2],
		["lost at boot", ["smt.control", "on", "value", "boot"], "A notOk", 2],
		[
			"cannot be had",
			["smt.control", "no SMT", "unsupported"],
			"A notApplicable",
			0,
		],
		[
			"could not be read",
			["smt.control", "denied", "unreadable"],
			"A couldNotTell",
			1,
		],
	])("%s", (_, answer, verdict, code) => {
		const { A } = all;
		const report = reportOf(A === undefined ? {} : { A }, [answer]);
		expect(verdicts(report)).toEqual([verdict]);
		expect(checklistExitCode(report)).toBe(code);
	});

	test("wrong beats unreadable in an item, and the other way round in a list", () => {
		const report = reportOf(all, [
			["ethtool.eth0.rings.rx", "256"],
			["ethtool.eth0.rings.tx", "denied", "unreadable"],
			["cpuFrequency.governor", "denied", "unreadable"],
		]);
		expect(verdicts(report).slice(1, 3)).toEqual(["B couldNotTell", "C notOk"]);
		expect(checklistExitCode(report)).toBe(1);
	});

	test("one part that cannot be had leaves the item ok, and says why", () => {
		const report = reportOf(all, [
			["ethtool.eth0.rings.rx", "no such ring", "unsupported"],
		]);
		expect(verdicts(report)[2]).toBe("C ok");
		expect(checklistText(report)).toContain("unsupported: no such ring");
	});
});

test("an item for which nothing is declared is not ok", () => {
	const report = reportOf({
		A: { asks: "Huge pages", settings: ["hugePages.*"] },
	});
	expect(verdicts(report)).toEqual(["A notOk"]);
	expect(report.items[0]?.why).toBe(
		"nothing is declared that fits hugePages.*",
	);
});

test("a pattern is text but for its star", () => {
	const report = reportOf({
		A: { asks: "x", settings: ["sysctl.vm.s*"] },
		B: { asks: "x", settings: ["sysctl.vm.swappines."] },
		C: { asks: "x", settings: ["*.vm.swappiness"] },
	});
	expect(verdicts(report)).toEqual(["A ok", "B notOk", "C ok"]);
});

describe("requirements of the machine", () => {
	const checklist: Checklist = {
		A: { asks: "io_uring", machine: { kernel: "5.1" } },
		B: { asks: "newer", machine: { kernel: "6.6", cpuFlags: ["avx2"] } },
		C: { asks: "AVX-512", machine: { cpuFlags: ["avx512f"] } },
	};

	test("is asked once for each demand, and judged by each item", () => {
		expect(checklistSettings(checklist).map(({ key }) => key)).toEqual([
			"kernel",
			"kernel",
			"cpuFlags.avx2",
			"cpuFlags.avx512f",
		]);
		const report = reportOf(checklist, [
			["machine.kernel", "6.1.0"],
			["machine.cpuFlags.avx2", "present"],
			["machine.cpuFlags.avx512f", "", "absent"],
		]);
		expect(verdicts(report)).toEqual(["A ok", "B notOk", "C notOk"]);
	});

	test("a host that did not answer is undetermined", () => {
		expect(verdicts(reportOf(checklist))[0]).toBe("A couldNotTell");
	});
});

describe("formats", () => {
	const report = reportOf(all, [["smt.control", "on"]]);

	test("a table says verdict, what was found and where", () => {
		const text = checklistText(report);
		expect(text).toMatch(
			/^not ok +A +SMT off\n {2}smt\.control: expected off, got on \(\/where\/smt\.control\)$/m,
		);
		expect(text).toMatch(/^not applicable +D +Code\n {2}in the code$/m);
		expect(text).toMatch(
			/^fx-1: not ready: 1 ok, 2 not ok, 1 not applicable \(metaltune [\d.]+\)$/m,
		);
	});

	test("Markdown has a row per item, whatever a host printed", () => {
		const hostile = reportOf(all, [
			["smt.control", "on | <img src=x> @everyone `x` \u001b[31m"],
		]);
		const text = checklistMarkdown(hostile);
		const rows = text.split("\n").filter((line) => line.startsWith("| "));
		expect(rows).toHaveLength(2 + 4);
		expect(text).not.toContain("<img");
		expect(text).not.toContain("\u001b");
		expect(text).toContain("**not ready: 1 ok, 2 not ok, 1 not applicable**");
	});
});
