/** What a host says of itself without settings, and what a resource notes on it. */
import { expect, test } from "@jest/globals";
import { hostProgram } from "../../host/assemble";
import {
	parseReport,
	reportsWaiting,
	revertVerb,
	settingsHash,
} from "../../host/protocol";
import { machine } from "../../inventory/sections/machine";
import type { Setting } from "../../model/settings";
import { kernelCommandLine } from "../../tunables/kernelCommandLine";
import { sysctl } from "../../tunables/sysctl";
import type { FakeHost } from "../support/hostRun";
import { settingsFromYaml } from "../support/inventory";
import { installedHost } from "../support/newHost";
import { diffTrees } from "../support/tree";

function statusOf(host: FakeHost) {
	const run = host.run("status", { stdin: "" });
	expect(run).toMatchObject({ status: 0, stderr: "" });
	return parseReport(run.stdout);
}

const swappiness = settingsFromYaml(sysctl, "vm.swappiness: 1");
const skew = settingsFromYaml(kernelCommandLine, "skew_tick: 1");

function apply(host: FakeHost, settings: readonly Setting[]): void {
	expect(host.run("apply", { settings })).toMatchObject({ status: 0 });
}

test("a host that was never tuned says so, and is left as it is", () => {
	const host = installedHost();
	const before = host.snapshot({ writes: true });
	expect(statusOf(host)).toMatchObject({
		program: hostProgram().hash,
		settingsHash: undefined,
		rebootRequired: false,
		notApplied: undefined,
		isActivating: false,
		facts: [],
		findings: [],
	});
	expect(diffTrees(before, host.snapshot({ writes: true }))).toEqual([]);
});

test("a tuned host says which settings it has and what waits", () => {
	const host = installedHost();
	apply(host, [...skew, ...swappiness]);
	expect(statusOf(host)).toMatchObject({
		settingsHash: settingsHash([...skew, ...swappiness]),
		rebootRequired: true,
	});
});

test("a boot at which metaltune.service is at work is told", () => {
	const host = installedHost();
	apply(host, swappiness);
	host.write(".lab/activating/metaltune.service", "start\n");
	expect(statusOf(host).isActivating).toBe(true);
	host.remove(".lab/activating/metaltune.service");
	expect(statusOf(host).isActivating).toBe(false);
});

test("a reboot that did not apply the settings is noted, and goes with them", () => {
	const host = installedHost();
	apply(host, skew);
	const hash = settingsHash(skew);
	expect(host.run(`note-not-applied ${hash}`)).toMatchObject({
		status: 0,
		stderr: "",
	});
	expect(statusOf(host).notApplied).toBe(hash);
	expect(parseReport(host.run("probe --installed").stdout).notApplied).toBe(
		hash,
	);
	expect(host.run("revert")).toMatchObject({ status: 0 });
	host.install();
	expect(statusOf(host).notApplied).toBeUndefined();
});

test.each(["", " x;y", " 01", ` ${"g".repeat(64)}`])(
	"note-not-applied%p: refused",
	(given) => {
		const host = installedHost();
		const { status, stderr } = host.run(`note-not-applied${given}`);
		expect([status, stderr]).toEqual([
			64,
			expect.stringContaining("expected the SHA-256 of settings"),
		]);
		expect(statusOf(host).notApplied).toBeUndefined();
	},
);

test("a revert for a resource says whether a reboot is left to do", () => {
	const verb = revertVerb("ab".repeat(16));
	const line = "proc/cmdline";
	const revert = (settings: readonly Setting[], booted: string) => {
		const host = installedHost();
		apply(host, settings);
		host.write(line, `${host.read(line).trimEnd()}${booted}\n`);
		const run = host.run(verb);
		expect(run).toMatchObject({ status: 0, stderr: "" });
		// An answer that was lost is asked for again.
		host.install();
		const again = host.run(verb);
		expect(again).toMatchObject({ status: 0, stderr: "" });
		return [run, again].map(({ stdout }) => reportsWaiting(stdout));
	};
	expect(revert(swappiness, "")).toEqual([false, false]);
	expect(revert(skew, "")).toEqual([false, false]);
	expect(revert(skew, " skew_tick=1")).toEqual([true, true]);
});

test("a probe judges a key once for every line that names it", () => {
	const host = installedHost();
	const settings = [
		...settingsFromYaml(machine, 'kernel: "1.0"'),
		...settingsFromYaml(machine, 'kernel: "99.0"'),
	];
	const { findings } = parseReport(
		host.run("probe", { settings }).stdout,
		settings,
	);
	expect(findings.map(({ verdict }) => verdict)).toEqual(["ok", "liveDrift"]);
	expect(host.run("want", { settings })).toMatchObject({ status: 64 });
});
