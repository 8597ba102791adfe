/** What a person reads of a host that is not ready, and when one is. */

import { settingsHash } from "../../host/protocol";
import type { Fact } from "../../model/facts";
import type { Report } from "../../model/hostReport";
import type { Setting } from "../../model/settings";
import {
	failuresOf,
	failureText,
	findingsOf,
	mayWait,
	statusOf,
	wrongReport,
} from "../../provider/verification";
import { compare } from "../support/oracle";

const setting: Setting = {
	tunable: "sysctl",
	key: "vm.swappiness",
	match: "exact",
	value: "0",
	effect: "live",
};
const smt: Setting = {
	tunable: "smt",
	key: "control",
	match: "exact",
	value: "off",
	effect: "reboot",
};

const held = settingsHash([setting, smt]);
const expected = { host: "h1", settingsHash: held, program: "p" };

function fact(of: Setting, change: Partial<Fact>): Fact {
	const { tunable, key } = of;
	return {
		tunable,
		key,
		layer: "live",
		status: "value",
		text: "0",
		source: "/",
		...change,
	};
}

function report(facts: readonly Fact[], change: Partial<Report> = {}): Report {
	return {
		program: "p",
		bootId: "b",
		settingsHash: held,
		interrupted: undefined,
		rebootRequired: false,
		provisional: [],
		rolledBack: undefined,
		owner: undefined,
		damaged: [],
		settings: [setting, smt],
		facts,
		findings: compare([setting, smt], facts),
		notApplied: undefined,
		isActivating: false,
		...change,
	};
}

test.each<[string, Partial<Report>, string | undefined]>([
	["is what was applied", {}, undefined],
	["is of another program", { program: "q" }, "expected p, got q"],
	["was interrupted", { interrupted: "apply" }, "apply was interrupted"],
	[
		"went back by itself",
		{ rolledBack: "no login confirmed ethtool.eth0.rings.rx within 120 s" },
		"h1: ROLLED BACK: no login confirmed ethtool.eth0.rings.rx within 120 s; the settings from before are in effect; next: correct the inventory",
	],
	["is of other settings", { settingsHash: "t" }, "is another stack managing"],
	["lists others", { settings: [setting] }, "lists other settings than"],
	["is of no settings", { settingsHash: undefined }, "got none"],
])("a report that %s", (_name, change, text) => {
	const said = wrongReport(report([], change), expected);
	if (text === undefined) {
		expect(said).toBeUndefined();
	} else {
		expect(said).toContain(text);
		expect(said).toContain("h1: ");
		expect(said).toContain("pulumi up --refresh");
	}
});

test("the table tells 0, absent and unreadable apart", () => {
	const findings = findingsOf(
		report([
			fact(setting, { text: "60" }),
			fact(setting, { layer: "boot", status: "absent", text: "" }),
			fact(smt, { status: "unreadable", text: "Permission denied" }),
		]),
	);
	expect(failureText("h1", failuresOf(findings, false), "auto")).toBe(
		[
			"h1: not ready: 2 of its settings are not effective",
			"key                   expected  live                           after reboot  verdict",
			"sysctl.vm.swappiness  0         60                             absent        liveDrift",
			"smt.control           off       unreadable: Permission denied  -             unreadable",
			"next: run `pulumi up --refresh`",
		].join("\n"),
	);
});

test("a key that a reboot did not apply waits for no second one", () => {
	const waiting = findingsOf(
		report([
			fact(smt, { text: "on" }),
			fact(smt, { layer: "boot", text: "off" }),
		]),
	).filter(({ setting: { tunable } }) => tunable === "smt");
	const drifted = findingsOf(report([fact(setting, {})])).slice(0, 1);
	const said = (...args: Parameters<typeof failureText>) =>
		failureText(...args).split("\nnext: ")[1];
	expect(said("h1", waiting, "auto")).toMatch(
		/^the host was rebooted for these settings and runs without them, so it is not rebooted for them again; .* run `pulumi up --refresh`$/,
	);
	for (const other of [
		said("h1", waiting, "never"),
		said("h1", [...waiting, ...drifted], "auto"),
	]) {
		expect(other).toBe("run `pulumi up --refresh`");
	}
});

test("only `manual` lets a setting wait for a reboot", () => {
	const findings = findingsOf(
		report([
			fact(setting, {}),
			fact(smt, { text: "on" }),
			fact(smt, { layer: "boot", text: "off" }),
		]),
	);
	const failing = (["auto", "manual", "never"] as const).map(
		(reboot) => failuresOf(findings, mayWait(reboot)).length,
	);
	expect(failing).toEqual([1, 0, 1]);
	expect(statusOf("b", findings)).toEqual({
		bootId: "b",
		verdicts: { ok: 1, pendingReboot: 1 },
		pendingReboot: ["smt.control"],
		unsupported: {},
	});
});

test("a setting that the host does not support is reported, and is no failure", () => {
	const findings = findingsOf(
		report([
			fact(setting, {}),
			fact(smt, { status: "unsupported", text: "no SMT" }),
		]),
	);
	expect(failuresOf(findings, false)).toEqual([]);
	expect(statusOf("b", findings).unsupported).toEqual({
		"smt.control": "no SMT",
	});
});
