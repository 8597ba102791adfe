/** systemd-boot's entries, and which loader a host is taken to have. */
import { expect, test } from "@jest/globals";
import { parseReport } from "../../host/protocol";
import { kernelCommandLine } from "../../tunables/kernelCommandLine";
import type { FakeHost } from "../support/hostRun";
import { settingsFromYaml } from "../support/inventory";
import { installedHost } from "../support/newHost";
import { diffTrees } from "../support/tree";

const systemdBoot = "debian-12-systemd-boot";
const vendor = "4a67b082-0a4c-41cf-b6c7-440b29bb8c4f";
const entries = "boot/efi/loader/entries";
const newest = `${entries}/5bb0a1f0c1de4fd5a6e1c0ffee123456-6.1.0-28-amd64.conf`;
const done = { status: 0, stderr: "" };

function setVariable(host: FakeHost, name: string, text: string): void {
	const utf16 = [...text].map((letter) => `${letter}\0`).join("");
	const path = `sys/firmware/efi/efivars/${name}-${vendor}`;
	host.write(path, `\u0006\0\0\0${utf16}`);
}

function bootFact(host: FakeHost, yaml: string) {
	const settings = settingsFromYaml(kernelCommandLine, yaml);
	const { stdout } = host.run("probe", { settings });
	return parseReport(stdout, settings).facts.find(
		({ layer }) => layer === "boot",
	);
}

function apply(host: FakeHost, yaml: string) {
	return host.run("apply", {
		settings: settingsFromYaml(kernelCommandLine, yaml),
	});
}

test("each entry has the parameters in front of what init gets, and nothing else changes", () => {
	const host = installedHost(systemdBoot);
	const options = 'ro dyndbg="file a  +p" hugepagesz=1G hugepages=2 -- single';
	host.write(
		newest,
		host.read(newest).replace(/^options .*$/m, `options    ${options}`),
	);
	const before = host.snapshot();
	expect(apply(host, "{quiet: true, nohz_full: 8-15}")).toMatchObject(done);
	expect(host.read(newest)).toMatch(
		/^options {4}ro dyndbg="file a {2}\+p" hugepagesz=1G hugepages=2 (?=.*quiet)(?=.*nohz_full=8-15)\S+ \S+ -- single$/m,
	);
	expect(host.run("revert")).toMatchObject(done);
	host.install();
	const changed = diffTrees(before, host.snapshot());
	expect(changed.filter((line) => !line.startsWith("run"))).toEqual([]);
});

test("entries of other systems and for rescue are left alone", () => {
	const host = installedHost(systemdBoot);
	const text = host.read(newest);
	const others = {
		[`${entries}/other.conf`]: text.replace(
			/^machine-id .*$/m,
			"machine-id ff",
		),
		[`${entries}/windows.conf`]: "title Windows\nefi /EFI/w.efi\n",
		[newest.replace("6.1.0-28-amd64", "0-rescue")]: text,
	};
	for (const [path, file] of Object.entries(others)) host.write(path, file);
	expect(apply(host, "isolcpus: 8-15")).toMatchObject(done);
	for (const [path, file] of Object.entries(others)) {
		expect(host.read(path)).toBe(file);
	}
	expect(bootFact(host, "isolcpus: 8-15")).toMatchObject({ text: "8-15" });
});

test("without /etc/kernel/cmdline kernels to come get what the entry says", () => {
	const host = installedHost(systemdBoot);
	host.remove("etc/kernel/cmdline");
	const before = host.snapshot();
	expect(apply(host, "isolcpus: 8-15")).toMatchObject(done);
	expect(host.read("etc/kernel/cmdline")).toMatch(
		/^root=\S+ ro .* isolcpus=8-15\n$/,
	);
	expect(host.run("revert")).toMatchObject(done);
	host.install();
	const changed = diffTrees(before, host.snapshot());
	expect(changed.filter((line) => !line.startsWith("run"))).toEqual([]);
});

test.each<[string, (host: FakeHost) => void, string]>([
	[
		"a unified kernel image",
		(host) => host.write("boot/efi/EFI/Linux/debian-6.1.efi", ""),
		"unified kernel images (/boot/efi/EFI/Linux/debian-6.1.efi), whose command line metaltune cannot change",
	],
	[
		"a unified kernel image that was booted",
		(host) => setVariable(host, "LoaderEntrySelected", "arch-linux.efi"),
		"unified kernel images (arch-linux.efi)",
	],
	[
		"a loader that is not known",
		(host) => setVariable(host, "LoaderInfo", "rEFInd 0.14"),
		"started by rEFInd 0.14 (LoaderInfo), which is not supported",
	],
	[
		"GRUB that systemd-boot started",
		(host) => host.write("proc/cmdline", "BOOT_IMAGE=/vmlinuz ro\n"),
		"LoaderInfo names systemd-boot, and /proc/cmdline has BOOT_IMAGE=",
	],
	[
		"a partition that is not mounted",
		(host) => host.write("proc/mounts", "proc /proc proc rw 0 0\n"),
		"bootctl does not find the EFI system partition",
	],
])("%s is refused by name, and no file changes", (_, change, why) => {
	const host = installedHost(systemdBoot);
	change(host);
	const before = host.snapshot();
	expect(bootFact(host, "isolcpus: 8-15")).toMatchObject({
		status: "unreadable",
		text: expect.stringContaining(why),
	});
	const run = apply(host, "isolcpus: 8-15");
	expect(run.status).toBe(65);
	expect(run.stderr).toContain(why);
	expect(
		diffTrees(before, host.snapshot()).filter((line) =>
			/^(boot|etc\/kernel|etc\/default)/.test(line),
		),
	).toEqual([]);
	expect(host.run("revert").status).toBe(0);
});

test("two loaders are installed, and GRUB or neither says that it booted", () => {
	const host = installedHost("proxmox-8");
	host.remove(`sys/firmware/efi/efivars/LoaderInfo-${vendor}`);
	expect(bootFact(host, "isolcpus: 8-15")).toMatchObject({
		status: "unreadable",
		text: expect.stringContaining("initrd= in /proc/cmdline"),
	});
	host.write("proc/cmdline", "BOOT_IMAGE=/boot/vmlinuz-6.8.12-4-pve ro\n");
	expect(bootFact(host, "isolcpus: 8-15")).toMatchObject({
		status: "unreadable",
		text: expect.stringContaining("partitions of proxmox-boot-tool"),
	});
});

test("on Proxmox GRUB's files stay as they are, and one stale partition is seen", () => {
	const host = installedHost("proxmox-8");
	const menu = host.read("boot/grub/grub.cfg");
	expect(apply(host, "isolcpus: 8-15")).toMatchObject(done);
	expect(host.read("boot/grub/grub.cfg")).toBe(menu);
	const entry =
		"dev/disk/by-uuid/3F1B-90C4/loader/entries/proxmox-6.8.12-4-pve.conf";
	host.write(entry, host.read(entry).replace(" isolcpus=8-15", ""));
	expect(bootFact(host, "isolcpus: 8-15")).toMatchObject({
		text: "8-15 | absent",
	});
	expect(apply(host, "isolcpus: 8-15")).toMatchObject(done);
	expect(host.read(entry)).toContain(" isolcpus=8-15");
});
