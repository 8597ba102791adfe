/** Files that others write for the same keys: named, never taken for metaltune's. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { commandsDirectory, lightPath } from "../../lab/light/tree";
import type { Setting } from "../../model/settings";
import { tunables } from "../../tunables/registry";
import { caseHost, caseSpecs } from "../support/caseHost";
import type { FakeHost } from "../support/hostRun";
import { settingsFromYaml } from "../support/inventory";
import { installedHost } from "../support/newHost";

const later = "etc/sysctl.d/zzz.conf";
const earlier = "etc/sysctl.d/10-others.conf";
const own = "etc/sysctl.d/zz-metaltune.conf";
const line = "net.core.rmem_max = 1000000\n";
const place = "/etc/sysctl.d/zzz.conf:1";

function tunedHost(before: { readonly [path: string]: string } = {}) {
	const [spec] = caseSpecs("others-later-sysctl");
	const settings = spec?.settings ?? [];
	const host = caseHost("others-later-sysctl");
	for (const [path, text] of Object.entries(before)) host.write(path, text);
	expect(host.run("apply", { settings })).toMatchObject({ status: 0 });
	return { host, settings };
}

test("the table of a failure names the file and line that win", () => {
	const { host, settings } = tunedHost();
	host.write(later, line);
	const applied = host.run("apply", { settings });
	expect(applied.status).toBe(65);
	expect(applied.stderr).toContain(`1000000 (${place})`);
	expect(host.run("check").stdout).toContain(`1000000 (${place})`);
});

test.each(["1000000", "134217728"])(
	"a revert leaves a later file that sets %s, and names it",
	(value) => {
		const { host } = tunedHost();
		host.write(later, `net.core.rmem_max = ${value}\n`);
		const reverted = host.run("revert");
		expect(reverted.status).toBe(0);
		expect(reverted.stderr).toBe(
			`metaltune: sysctl net.core.rmem_max: ${place} sets ${value} for the next boot; it is not metaltune's, and stays\n`,
		);
		expect(existsSync(join(host.root, own))).toBe(false);
		expect(host.read("proc/sys/net/core/rmem_max")).toBe("212992\n");
	},
);

test("a key that is dropped goes, whatever a later file sets", () => {
	const { host } = tunedHost();
	host.write(later, line);
	const [spec] = caseSpecs("others-later-sysctl", "sysctl: {vm.swappiness: 7}");
	const settings = spec?.settings ?? [];
	const dropped = host.run("apply", { settings });
	expect(dropped.status).toBe(0);
	expect(dropped.stderr).toContain(place);
	expect(host.run("apply", { settings })).toMatchObject({
		status: 0,
		stdout: "",
		stderr: "",
	});
});

test("an earlier file that was there before is what a revert restores", () => {
	const { host } = tunedHost({ [earlier]: line });
	expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
	expect(host.read(earlier)).toBe(line);
});

test.each([
	["gone", undefined],
	["edited", "net.core.rmem_max = 2000000\n"],
])("an earlier file that is %s by the revert stays so", (_, text) => {
	const { host } = tunedHost({ [earlier]: line });
	if (text === undefined) host.remove(earlier);
	else host.write(earlier, text);
	expect(host.run("revert").status).toBe(0);
	expect(existsSync(join(host.root, earlier))).toBe(text !== undefined);
});

const limits = settingsFromYaml(
	sectionNamed("limits"),
	"fx: {nofile: {soft: 4096, hard: 4096}}",
);
const isolated = settingsFromYaml(
	sectionNamed("kernelCommandLine"),
	"isolcpus: 8-15",
);

function sectionNamed(name: string) {
	const found = tunables.find((each) => each.name === name);
	if (found === undefined) throw new Error(`no tunable ${name}`);
	return found;
}

/** Applies, lets others write files, and reverts. */
function revertedWith(
	settings: readonly Setting[],
	files: { readonly [path: string]: string },
	generate?: string,
) {
	const host = installedHost();
	expect(host.run("apply", { settings })).toMatchObject({ status: 0 });
	for (const [path, text] of Object.entries(files)) host.write(path, text);
	if (generate !== undefined) regenerate(host);
	const check = host.run("check").stdout;
	return { host, check, reverted: host.run("revert") };
}

/** As an administrator does after a change of GRUB's settings. */
function regenerate({ root }: FakeHost): void {
	const command = join(commandsDirectory, "update-grub");
	const { status } = spawnSync(command, {
		env: { ...process.env, ROOT: root, PATH: lightPath },
	});
	expect(status).toBe(0);
}

test.each([
	["a later file", "etc/security/limits.d/zzz.conf"],
	["an earlier file", "etc/security/limits.d/10-others.conf"],
])(
	"limits: a revert leaves %s, names it, and asks for no reboot",
	(_, path) => {
		const { host, reverted } = revertedWith(limits, {
			[path]: "fx soft nofile 2048\n",
		});
		expect(reverted).toMatchObject({
			status: 0,
			stderr: `metaltune: limits fx.nofile.soft: /${path}:1 sets 2048; it is not metaltune's, and stays\n`,
		});
		expect(host.snapshot().has("run/metaltune/reboot-required")).toBe(false);
		expect(host.read(path)).toBe("fx soft nofile 2048\n");
	},
);

const fileSettings = settingsFromYaml(
	sectionNamed("files"),
	"/etc/fx/a.conf: {content: ours}",
);

test.each<[string, string | undefined, string | undefined]>([
	["edited, where there was none", undefined, "theirs\n"],
	["edited", "original\n", "theirs\n"],
	["put back by hand", "original\n", undefined],
])(
	"files: a revert loses nothing of a file that was %s",
	(_, original, theirs) => {
		const path = "etc/fx/a.conf";
		const host = installedHost();
		if (original !== undefined) host.write(path, original);
		expect(host.run("apply", { settings: fileSettings })).toMatchObject({
			status: 0,
		});
		host.write(path, theirs ?? original ?? "");
		const reverted = host.run("revert");
		expect(reverted.status).toBe(0);
		const after = host.snapshot();
		expect(after.get(path)?.content).toBe(original);
		expect(after.get(`${path}.metaltune-edited`)?.content).toBe(theirs);
		expect(reverted.stderr.includes("a.conf.metaltune-edited")).toBe(
			theirs !== undefined,
		);
	},
);

test("GRUB: the file and line that win are named, and left by a revert", () => {
	const path = "etc/default/grub.d/zzz.cfg";
	const text = 'GRUB_CMDLINE_LINUX_DEFAULT="quiet isolcpus=3"\n';
	const { host, check, reverted } = revertedWith(
		isolated,
		{ [path]: `# by hand\n${text}` },
		"update-grub",
	);
	expect(check).toMatch(
		/kernelCommandLine\.isolcpus +8-15 .* 3 \(\/etc\/default\/grub\.d\/zzz\.cfg:2\) /,
	);
	expect(reverted).toMatchObject({
		status: 0,
		stderr: expect.stringContaining(
			"kernelCommandLine isolcpus: /etc/default/grub.d/zzz.cfg:2 sets 3 for the next boot; it is not metaltune's, and stays\n",
		),
	});
	expect(host.read("boot/grub/grub.cfg")).toContain("isolcpus=3");
});

test("GRUB: a later file that drops our parameter is named", () => {
	const { check } = revertedWith(
		isolated,
		{ "etc/default/grub.d/zzz.cfg": "GRUB_CMDLINE_LINUX_DEFAULT=quiet\n" },
		"update-grub",
	);
	expect(check).toMatch(
		/kernelCommandLine\.isolcpus +8-15 .*absent.*zzz\.cfg:1/,
	);
});
