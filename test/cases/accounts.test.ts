/** Accounts, packages and modes in the spellings that their readers take as equal. */

import { existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parseReport } from "../../host/protocol";
import { InventoryError } from "../../model/problem";
import { type Setting, settingId } from "../../model/settings";
import { caseHost, caseSpecs } from "../support/caseHost";
import type { FakeHost } from "../support/hostRun";

function settingsOf(name: string, tuning?: string): readonly Setting[] {
	return caseSpecs(name, tuning).flatMap(({ settings }) => settings);
}

function wrong(host: FakeHost, settings: readonly Setting[]) {
	const { stdout } = host.run("probe", { settings });
	return Object.fromEntries(
		parseReport(stdout, settings)
			.findings.filter(({ verdict }) => verdict !== "ok")
			.map(({ setting, verdict }) => [settingId(setting), verdict]),
	);
}

test("accounts as login and the C library read them", () => {
	const host = caseHost("users-spelling");
	if (!existsSync(join(host.root, "bin"))) {
		symlinkSync("usr/bin", join(host.root, "bin"));
	}
	const settings = settingsOf("users-spelling");
	expect(wrong(host, settings)).toEqual({});
	const passwd = host.read("etc/passwd");
	expect(host.run("apply", { settings })).toMatchObject({
		status: 0,
		stdout: "",
		stderr: "",
	});
	expect(host.read("etc/passwd")).toBe(passwd);
});

const database = "var/lib/dpkg/packages.lab";

test("a package under its former name", () => {
	const host = caseHost("package-provides", "ubuntu-24.04");
	const settings = settingsOf("package-provides");
	expect(wrong(host, settings)).toEqual({
		"packages.libaio1": "liveDrift",
	});
	host.write(
		database,
		`${host.read(database)}libaio1t64 ii 0.3.113-6build1 - amd64 libaio1\n`,
	);
	expect(wrong(host, settings)).toEqual({});
});

test("a package of a foreign architecture", () => {
	const host = caseHost("package-foreign-arch");
	const settings = settingsOf("package-foreign-arch");
	const others = host
		.read(database)
		.split("\n")
		.filter((line) => !line.startsWith("numactl "));
	host.write(
		database,
		`${others.join("\n").trimEnd()}\nnumactl ii 2.0.16-1 - i386\n`,
	);
	expect(wrong(host, settings)).toEqual({
		"packages.numactl": "liveDrift",
	});
});

describe("the world changes after apply", () => {
	const done = { status: 0, stderr: "" };

	test("a package that others need by now stays, and revert succeeds", () => {
		const host = caseHost("package-foreign-arch");
		const settings = settingsOf("package-foreign-arch");
		expect(host.run("apply", { settings })).toMatchObject(done);
		host.write(
			database,
			`${host.read(database).trimEnd()}\nzz-theirs ii 1.0 numactl\n`,
		);
		const { status, stderr } = host.run("revert");
		expect(status).toBe(0);
		expect(stderr).toMatch(/numactl.*: other packages need them by now/);
		expect(host.read(database)).toContain("numactl ii");
	});

	test("accounts that others removed are not made again", () => {
		const host = caseHost("users-spelling");
		const settings = settingsOf(
			"users-spelling",
			"users: {admin: {shell: /bin/bash, groups: [fx]}}",
		);
		expect(host.run("apply", { settings })).toMatchObject(done);
		const without = (file: string) =>
			host.write(file, host.read(file).replace(/^admin:.*\n/m, ""));
		without("etc/passwd");
		without("etc/group");
		expect(host.run("revert")).toMatchObject(done);
		expect(host.read("etc/passwd")).not.toContain("admin:");
	});

	test("irqbalance is uninstalled: revert succeeds", () => {
		const host = caseHost("users-spelling");
		const settings = settingsOf("users-spelling", "irqbalance: off");
		expect(host.run("apply", { settings })).toMatchObject(done);
		host.remove("usr/lib/systemd/system/irqbalance.service");
		host.remove(
			"etc/systemd/system/multi-user.target.wants/irqbalance.service",
		);
		const { status, stderr } = host.run("revert");
		expect(status).toBe(0);
		expect(stderr).toContain("irqbalance: it is not installed any more");
	});
});

test.each([
	["644", "0644"],
	["0644", "0644"],
	["00644", "0644"],
	["0o644", "0644"],
	["u=rw,go=r", "0644"],
	["a=r", "0444"],
	["u=rwxs,g=rx,o=", "4750"],
	["u=rwx,g=rwx,o=rwxt", "1777"],
])("the mode %s is %s", (typed, mode) => {
	const settings = settingsOf(
		"users-spelling",
		`files: {/etc/fx.conf: {content: a, mode: "${typed}"}}`,
	);
	const found = settings.find(({ key }) => key.endsWith(":mode"));
	expect(found?.value).toBe(mode);
});

test.each(["u=rw", "u+x", "u=rw,g=r,o=r,u=x", "0888", "7", "u=rw,g=r,o=q"])(
	"%s is no mode",
	(typed) => {
		expect(() =>
			settingsOf(
				"users-spelling",
				`files: {/etc/fx.conf: {content: a, mode: "${typed}"}}`,
			),
		).toThrow(InventoryError);
	},
);
