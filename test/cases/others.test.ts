/** Files that others write for the same keys: named, never taken for metaltune's. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { caseHost, caseSpecs } from "../support/caseHost";

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
