/** Boot loaders: which one boots, which entries count, and what is readable. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import {
	caseSettings,
	expectReverted,
	expectUnchanged,
	lineFacts,
} from "../support/caseBoot";
import { caseFile, caseHost } from "../support/caseHost";
import { diffTrees } from "../support/tree";

describe.each([
	["systemd-boot", "none of the partitions in /etc/kernel/proxmox-boot-uuids"],
	["loader-uki", "unified kernel image (systemd-stub 255.4, StubInfo)"],
	["loader-pxelinux", "started from the network"],
	["loader-extlinux", "started by extlinux or U-Boot"],
	["loader-proxmox-grub", "partitions of proxmox-boot-tool"],
	["grub-default-custom", "GRUB boots Pinned kernel by default"],
])("%s", (name, why) => {
	test("is refused by name, and no loader's file changes", () => {
		const host = caseHost(name);
		const settings = caseSettings(name);
		const facts = Object.values(lineFacts(host, settings));
		expect(facts.length).toBeGreaterThan(0);
		for (const fact of facts) {
			expect(fact).toMatch(/^unreadable: /);
			expect(fact).toContain(why);
		}
		expectUnchanged(host, settings, /unreadable/);
		expect(host.run("revert").status).toBe(0);
	});
});

test("grub-default-custom: an entry that is the default later stops no revert", () => {
	const name = "grub-default-custom";
	const host = caseHost("ubuntu-partuuid-panic");
	const before = host.snapshot();
	const settings = caseSettings(name);
	expect(host.run("apply", { settings })).toMatchObject({ status: 0 });
	const menu = "boot/grub/grub.cfg";
	host.write(menu, readFileSync(caseFile(name, `input/${menu}`), "utf8"));
	expect(Object.values(lineFacts(host, settings))).toEqual([
		expect.stringMatching(/^unreadable: GRUB boots Pinned kernel/),
	]);
	expectReverted(host, before);
});

const dir = "boot/loader/entries";
const machine = "5bb0a1f0c1de4fd5a6e1c0ffee123456";
const grubenv = "boot/grub2/grubenv";

/** EL 8: no entry but the case's. */
function el8(name: string) {
	const host = caseHost(name, "el-9");
	for (const path of host.snapshot().keys()) {
		if (path.startsWith(`${dir}/`) && !path.includes("4.18.0")) {
			host.remove(path);
		}
	}
	return host;
}

test("el8-kernelopts is read, applied and reverted through the variable", () => {
	const name = "el8-kernelopts";
	const host = el8(name);
	const settings = caseSettings(name);
	const entry = `${dir}/${machine}-4.18.0-513.el8.x86_64.conf`;
	const text = host.read(entry);
	expect(lineFacts(host, settings)).toEqual({
		isolcpus: "absent",
		crashkernel: "auto",
	});
	expect(host.run("apply", { settings })).toMatchObject({
		status: 0,
		stderr: "",
	});
	expect(host.read(entry)).toBe(text);
	expect(host.read(grubenv)).toMatch(
		/^kernelopts=(?!.*=auto).*crashkernel=512M/m,
	);
	expect(lineFacts(host, settings)).toEqual({
		isolcpus: "2-7",
		crashkernel: "512M",
	});
	expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
	host.install();
	expect(host.read(entry)).toBe(text);
	expect(lineFacts(host, settings)).toEqual({
		isolcpus: "absent",
		crashkernel: "auto",
	});
});

test("el8-kernelopts: where grubby lists no entry, nothing is written", () => {
	const host = el8("el8-kernelopts");
	const path = mkdtempSync(join(tmpdir(), "metaltune-stub-"));
	const log = join(path, "log");
	writeFileSync(
		join(path, "grubby"),
		`#!/bin/sh\nprintf '%s\\n' "$*" >>'${log}'\n`,
		{ mode: 0o755 },
	);
	writeFileSync(log, "");
	const before = host.snapshot();
	const settings = caseSettings("el8-kernelopts");
	const run = host.run("apply", { settings, path });
	expect(run.status).toBe(65);
	expect(run.stderr).toContain("no boot entry was found");
	expect(host.run("revert", { path }).status).toBe(0);
	expect(host.read(grubenv)).toContain("crashkernel=auto");
	rmSync(path, { recursive: true });
	host.install();
	const changed = diffTrees(before, host.snapshot());
	expect(changed.filter((line) => !line.startsWith("run"))).toEqual([]);
});

test("el8-kernelopts-unset is not readable; grub.cfg's default is", () => {
	const name = "el8-kernelopts-unset";
	const host = el8(name);
	const settings = caseSettings(name);
	expect(lineFacts(host, settings)).toEqual({
		crashkernel: expect.stringMatching(/^unreadable: .*\$kernelopts/),
	});
	expectUnchanged(host, settings, "$kernelopts, which neither grubenv");
	host.write(
		"boot/grub2/grub.cfg",
		`${host.read("boot/grub2/grub.cfg")}if [ -z "\${kernelopts}" ]; then\n  set kernelopts="root=/dev/sda1 ro crashkernel=auto "\nfi\n`,
	);
	expect(lineFacts(host, settings)).toEqual({ crashkernel: "auto" });
});

test("ubuntu-partuuid-panic: what GRUB itself adds is refused beforehand", () => {
	const name = "ubuntu-partuuid-panic";
	const host = caseHost(name, "ubuntu-24.04");
	const before = host.snapshot();
	expectUnchanged(
		host,
		caseSettings(name),
		/kernelCommandLine panic: .* add panic=-1 .*GRUB_DISABLE_INITRDLESS_BOOT/,
	);
	const others = caseSettings(
		name,
		"kernelCommandLine: {panic: -1, skew_tick: 1}",
	);
	expect(host.run("apply", { settings: others })).toMatchObject({ status: 0 });
	expect(lineFacts(host, others)).toEqual({ panic: "-1", skew_tick: "1" });
	expectReverted(host, before);
});

test("ubuntu-partuuid-panic: without the first try it is set", () => {
	const name = "ubuntu-partuuid-panic";
	const host = caseHost(name, "debian-12");
	const settings = caseSettings(name);
	expect(host.run("apply", { settings })).toMatchObject({ status: 0 });
	expect(lineFacts(host, settings)).toEqual({ panic: "10" });
});

test("grub-recovery-words: entries that differ by design do not count", () => {
	const host = caseHost("grub-recovery-words");
	const settings = caseSettings("grub-recovery-words");
	expect(lineFacts(host, settings)).toEqual({ skew_tick: "1" });
	host.write(
		"boot/grub/grub.cfg",
		host
			.read("boot/grub/grub.cfg")
			.replace(/(6\.1\.0-25-amd64 .* quiet) skew_tick=1/, "$1"),
	);
	expect(lineFacts(host, settings)).toEqual({ skew_tick: "1 | absent" });
});
