/** Frequency policies: a file for all of them, and one per policy. */
import { describe, expect, test } from "@jest/globals";
import type { Setting } from "../../model/settings";
import { caseHost, caseSpecs } from "../support/caseHost";
import { diffTrees } from "../support/tree";

function settingsOf(name: string): readonly Setting[] {
	return caseSpecs(name)[0]?.settings ?? [];
}

const cpufreq = "sys/devices/system/cpu/cpufreq";

function hostOf(name: string) {
	const host = caseHost(name);
	host.remove("sys/devices/system/cpu/intel_pstate");
	return host;
}

describe.each([
	["cpufreq-policy-boost", "policy0-15: off, others: on"],
	["cpufreq-boost-some-policies", "policy3,8-9: off, others: on"],
])("%s", (name, live) => {
	test("the verdict is of all policies, and so is the way back", () => {
		const host = hostOf(name);
		const before = host.snapshot();
		const settings = settingsOf(name);
		expect(host.run("probe", { settings }).stdout).toContain(
			`fact\tcpuFrequency\tboost\tlive\tvalue\t${live}\t`,
		);
		expect(host.run("apply", { settings })).toMatchObject({
			status: 0,
			stderr: "",
		});
		for (const policy of [0, 3, 8, 9, 15]) {
			expect(host.read(`${cpufreq}/policy${policy}/boost`)).toBe("1\n");
		}
		host.write(`${cpufreq}/policy7/boost`, "0\n");
		expect(host.run("check").stdout).toMatch(/boost +on +policy7: off/);
		expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
		host.install();
		expect(diffTrees(before, host.snapshot())).toEqual([]);
	});
});

test("a policy that cannot be read is not taken for one that is right", () => {
	const name = "cpufreq-boost-some-policies";
	const host = hostOf(name);
	for (const policy of [3, 8, 9]) {
		host.write(`${cpufreq}/policy${policy}/boost`, "1\n");
	}
	host.remove(`${cpufreq}/policy5/boost`);
	host.write(`${cpufreq}/policy5/boost/x`, "");
	expect(host.run("probe", { settings: settingsOf(name) }).stdout).toContain(
		"\tboost\tlive\tvalue\tpolicy5: unreadable (Is a directory), others: on\t",
	);
});

test("a switch with another text than 0 or 1 is unreadable", () => {
	const name = "cpufreq-policy-boost";
	const host = hostOf(name);
	host.write(`${cpufreq}/boost`, "enabled\n");
	expect(host.run("apply", { settings: settingsOf(name) })).toMatchObject({
		status: 65,
		stderr: expect.stringMatching(
			/unreadable \(expected 0 or 1 in the file, got enabled\)/,
		),
	});
});
