/** What is read of boot menus, and how their entries come back. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { parseReport } from "../../host/protocol";
import { layouts } from "../../lab/light/tree/distributions";
import { kernelCommandLine } from "../../tunables/kernelCommandLine";
import type { FakeHost } from "../support/hostRun";
import { settingsFromYaml } from "../support/inventory";
import { installedHost } from "../support/newHost";
import { diffTrees } from "../support/tree";

function bootFact(host: FakeHost, yaml: string, path?: string) {
	const settings = settingsFromYaml(kernelCommandLine, yaml);
	const options = { settings, ...(path && { path }) };
	const { stdout } = host.run("probe", options);
	return parseReport(stdout, settings).facts.find(
		({ layer }) => layer === "boot",
	);
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
	const host = installedHost("debian-12");
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

test("an entry of a newer kernel loses metaltune's parameters as well", () => {
	const host = installedHost("el-9");
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
	const host = installedHost("el-9");
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

test("parameters that TuneD set and no entry uses are ignored", () => {
	const host = installedHost("el-9");
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
	const host = installedHost("el-9");
	editEntries(host, (text) => text.replace(/^options .*$/m, "$& skew-tick=0"));
	const settings = settingsFromYaml(kernelCommandLine, "skew_tick: 1");
	expect(host.run("apply", { settings })).toMatchObject({ status: 0 });
	expect(bootFact(host, "skew_tick: 1")).toMatchObject({ text: "1" });
});

test("an error text of a boot loader's tool is not read as an entry", () => {
	const grubby = installedHost("el-9");
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
	const grub = installedHost("debian-12");
	grub.remove("boot/grub/grub.cfg");
	expect(bootFact(grub, "quiet: true")).toMatchObject({
		status: "unreadable",
		text: "No such file or directory",
	});
});

test("where grubby lists no entry, nothing is written", () => {
	const host = installedHost("el-9");
	const commands = mkdtempSync(join(tmpdir(), "metaltune-stub-"));
	writeFileSync(join(commands, "grubby"), "#!/bin/sh\n", { mode: 0o755 });
	const before = host.snapshot();
	const settings = settingsFromYaml(kernelCommandLine, "crashkernel: 512M");
	const run = host.run("apply", { settings, path: commands });
	expect(run.status).toBe(65);
	expect(run.stderr).toContain(
		"the boot entries are not readable, so they were not changed: no boot entry was found",
	);
	expect(host.run("revert", { path: commands })).toMatchObject({ status: 0 });
	rmSync(commands, { recursive: true });
	host.install();
	const changed = diffTrees(before, host.snapshot());
	expect(changed.filter((line) => !line.startsWith("run"))).toEqual([]);
});

/** Adds words to the entry of this system's own kernel, and to no other. */
function addToOne(host: FakeHost, words: string): string {
	const { kernel } = layouts["el-9"];
	const [path = ""] = [...host.snapshot().keys()].filter(
		(name) => entries.test(name) && name.includes(kernel),
	);
	host.write(path, host.read(path).replace(/^options .*$/m, `$& ${words}`));
	return path;
}

/** The words of every entry, without what tells one from another. */
function optionsOf(host: FakeHost): readonly string[][] {
	return [...host.snapshot().keys()]
		.filter((path) => entries.test(path))
		.map((path) => /^options (.*)$/m.exec(host.read(path))?.[1] ?? "")
		.map((options) => options.split(" ").toSorted());
}

test("entries that differed before metaltune each get their own parameters back", () => {
	const host = installedHost("el-9");
	const path = addToOne(host, "skew_tick=0 crashkernel=512M");
	const before = host.snapshot();
	const options = optionsOf(host);
	const apply = (yaml: string) =>
		host.run("apply", { settings: settingsFromYaml(kernelCommandLine, yaml) });
	expect(
		apply("{skew_tick: 1, crashkernel: false, quiet: true}"),
	).toMatchObject({ status: 0, stderr: "" });
	expect(host.read(path)).toMatch(/^options (?!.*crashkernel).*skew_tick=1/m);
	expect(apply("quiet: true")).toMatchObject({ status: 0, stderr: "" });
	expect(optionsOf(host)).toEqual(
		options.map((words, at) =>
			[...words, ...(rescueAt(host) === at ? [] : ["quiet"])].toSorted(),
		),
	);
	expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
	host.install();
	expect(diffTrees(before, host.snapshot())).toEqual([]);
});

function rescueAt(host: FakeHost): number {
	return [...host.snapshot().keys()]
		.filter((path) => entries.test(path))
		.findIndex((path) => path.includes("-0-rescue"));
}

test("entries that were changed before they were kept do not come back so", () => {
	const host = installedHost("el-9");
	const options = optionsOf(host);
	const apply = (yaml: string) =>
		host.run("apply", { settings: settingsFromYaml(kernelCommandLine, yaml) });
	expect(apply("skew_tick: 1")).toMatchObject({ status: 0 });
	// The disk of /var lost what the one of /boot has.
	host.remove("var/lib/metaltune/entries.kept");
	for (const path of host.snapshot().keys()) {
		if (/^var\/lib\/metaltune\/files\/boot\/loader\/.*conf$/.test(path)) {
			host.remove(path);
		}
	}
	const more = "{skew_tick: 1, quiet: true}";
	const refused = apply(more);
	expect(refused.status).toBe(65);
	expect(refused.stderr).toMatch(/metaltune adopt/);
	expect(host.run("adopt")).toMatchObject({ status: 0 });
	expect(apply(more)).toMatchObject({ status: 0 });
	expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
	expect(optionsOf(host)).toEqual(options);
	host.install();
	expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
});

test("a revert does not write TuneD's parameters into the entries", () => {
	const host = installedHost("el-10");
	const environment = host.read("boot/grub2/grubenv");
	host.write("boot/grub2/grubenv", `${environment}tuned_params=skew_tick=2\n`);
	const before = host.snapshot();
	const options = optionsOf(host);
	expect(options.flat()).toContain("$tuned_params");
	const apply = (yaml: string) =>
		host.run("apply", { settings: settingsFromYaml(kernelCommandLine, yaml) });
	expect(apply("{skew_tick: 1, quiet: true}")).toMatchObject({ status: 65 });
	expect(apply("quiet: true")).toMatchObject({ status: 0, stderr: "" });
	expect(optionsOf(host).flat().join(" ")).not.toContain("skew_tick");
	expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
	host.install();
	expect(diffTrees(before, host.snapshot())).toEqual([]);
});

test("a variable in braces, and one with a digit, are variables", () => {
	const host = installedHost("debian-12");
	const menu = host.read("boot/grub/grub.cfg");
	host.write(
		"boot/grub/grub.cfg",
		`set a1b="skew_tick=0"\nset c="nosoftlockup"\n${menu.replace(/^\s*linux\s.*$/gm, (line) => `${line} $a1b \${c}`)}`,
	);
	expect(bootFact(host, "skew_tick: 1")).toMatchObject({ text: "0" });
	expect(bootFact(host, "nosoftlockup: true")).toMatchObject({ text: "" });
});

test("entries are read through the menu of a UEFI system, too", () => {
	const host = installedHost("el-9");
	const menu = host.read("boot/grub2/grub.cfg");
	host.remove("boot/grub2/grub.cfg");
	expect(bootFact(host, "quiet: true")).toMatchObject({ status: "unreadable" });
	host.write("boot/efi/EFI/rocky/grub.cfg", menu);
	expect(bootFact(host, "quiet: true")).toMatchObject({ status: "absent" });
});
