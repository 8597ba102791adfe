/** What is read of boot menus, and how their entries come back. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { parseReport } from "../../inventory/report";
import { type Distribution, layouts } from "../../lab/light/tree/distributions";
import { kernelCommandLine } from "../../tunables/kernelCommandLine";
import { type FakeHost, fakeHost } from "../support/hostRun";
import { settingsFromYaml } from "../support/inventory";
import { diffTrees } from "../support/tree";

const hosts: FakeHost[] = [];
afterEach(() => {
	for (const host of hosts.splice(0)) host.dispose();
});

function newHost(distribution: Distribution): FakeHost {
	const host = fakeHost(distribution);
	hosts.push(host);
	host.install();
	return host;
}

function bootFact(host: FakeHost, yaml: string, path?: string) {
	const settings = settingsFromYaml(kernelCommandLine, yaml);
	const options = { settings, ...(path && { path }) };
	const { stdout } = host.run("probe", options);
	return parseReport(stdout).facts.find(({ layer }) => layer === "boot");
}

const entries = /^boot\/loader\/entries\/.*\.conf$/;

/** Every boot entry rewritten. */
function editEntries(host: FakeHost, edit: (text: string) => string): void {
	const paths = [...host.snapshot().keys()].filter((path) =>
		entries.test(path),
	);
	expect(paths.length).toBeGreaterThan(1);
	for (const path of paths) host.write(path, edit(host.read(path)));
}

test("GRUB's variables count as what is in them", () => {
	const host = newHost("debian-12");
	const settings = settingsFromYaml(kernelCommandLine, "skew_tick: 1");
	host.run("apply", { settings });
	const menu = host.read("boot/grub/grub.cfg");
	const patched = `set tuned_params="skew_tick=0 nosoftlockup"\n${menu.replace(/^(\s*linux\s.*)$/gm, "$1 $tuned_params")}`;
	host.write("boot/grub/grub.cfg", patched);
	expect(bootFact(host, "skew_tick: 1")).toMatchObject({
		status: "value",
		text: "1 0",
	});
	expect(bootFact(host, "quiet: false")).toMatchObject({ status: "absent" });
});

test("an entry of a kernel that came later loses what is ours as well", () => {
	const host = newHost("el-9");
	const before = host.snapshot();
	const settings = settingsFromYaml(kernelCommandLine, "quiet: true");
	host.run("apply", { settings });
	const { kernel } = layouts["el-9"];
	const newest = kernel.replace("503", "999");
	const [path = ""] = [...before.keys()].filter(
		(name) => entries.test(name) && name.includes(kernel),
	);
	const entry = host.read(path).replaceAll(kernel, newest);
	host.write(path.replace(kernel, newest), entry);
	expect(entry).toMatch(/^options .* quiet$/m);
	expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
	expect(host.read(path.replace(kernel, newest))).toBe(
		entry.replace(" quiet\n", "\n"),
	);
	host.remove(path.replace(kernel, newest));
	host.install();
	expect(diffTrees(before, host.snapshot())).toEqual([]);
});

test("an entry that others have changed since is not put back", () => {
	const host = newHost("el-9");
	const settings = settingsFromYaml(kernelCommandLine, "crashkernel: 512M");
	host.run("apply", { settings });
	editEntries(host, (text) => text.replace(/^options .*$/m, "$& debug"));
	expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
	editEntries(host, (text) => {
		expect(text).toMatch(/^options root=.* debug(?: |$)/m);
		expect(text).not.toContain("crashkernel=512M");
		return text;
	});
});

test("what TuneD has set, but no entry asks for, is not in the way", () => {
	const host = newHost("el-9");
	host.write(
		"boot/grub2/grubenv",
		`${host.read("boot/grub2/grubenv")}tuned_params=skew_tick=0\n`,
	);
	const settings = settingsFromYaml(kernelCommandLine, "skew_tick: 1");
	expect(host.run("apply", { settings })).toMatchObject({
		status: 0,
		stderr: "",
	});
	expect(bootFact(host, "skew_tick: 1")).toMatchObject({ text: "1" });
});

test("the name of a parameter is one name, with - and with _", () => {
	const host = newHost("el-9");
	editEntries(host, (text) => text.replace(/^options .*$/m, "$& skew-tick=0"));
	const settings = settingsFromYaml(kernelCommandLine, "skew_tick: 1");
	expect(host.run("apply", { settings })).toMatchObject({ status: 0 });
	expect(bootFact(host, "skew_tick: 1")).toMatchObject({ text: "1" });
});

test("what a boot loader fails with is not taken for an entry", () => {
	const grubby = newHost("el-9");
	const commands = mkdtempSync(join(tmpdir(), "metaltune-stub-"));
	writeFileSync(
		join(commands, "grubby"),
		"#!/bin/sh\necho 'grep: entries: Permission denied' >&2\nexit 1\n",
		{ mode: 0o755 },
	);
	expect(bootFact(grubby, "quiet: true", commands)).toMatchObject({
		status: "unreadable",
		text: "Permission denied",
	});
	rmSync(commands, { recursive: true });
	const grub = newHost("debian-12");
	grub.remove("boot/grub/grub.cfg");
	expect(bootFact(grub, "quiet: true")).toMatchObject({
		status: "unreadable",
		text: "No such file or directory",
	});
});
