/** What PAM makes of the lines of limits.conf, and limits that would end logins. */
import { describe, expect, test } from "@jest/globals";
import { parseReport } from "../../host/protocol";
import { InventoryError } from "../../model/problem";
import { type Setting, settingId } from "../../model/settings";
import { caseHost, caseSpecs } from "../support/caseHost";
import type { FakeHost } from "../support/hostRun";

function settingsOf(name: string, tuning?: string): readonly Setting[] {
	return caseSpecs(name, tuning).flatMap(({ settings }) => settings);
}

/** Each key's verdict and live value with its place. */
function found(host: FakeHost, settings: readonly Setting[]) {
	const { stdout } = host.run("probe", { settings });
	const facts = stdout
		.split("\n")
		.map((line) => line.split("\t"))
		.filter(([kind, tunable]) => kind === "fact" && tunable === "limits");
	return Object.fromEntries(
		parseReport(stdout, settings).findings.map(({ setting, verdict }) => {
			const fact = facts.find(([, , key]) => key === setting.key) ?? [];
			return [settingId(setting), `${verdict}: ${fact.slice(5).join(" ")}`];
		}),
	);
}

test("letter case, - and CR are read as PAM reads them", () => {
	const host = caseHost("limits-spelling");
	const settings = settingsOf("limits-spelling");
	const file = "/etc/security/limits.conf";
	expect(found(host, settings)).toEqual({
		"limits.root.memlock.hard": `ok: unlimited ${file}:3`,
		"limits.root.memlock.soft": `ok: unlimited ${file}:3`,
		"limits.root.nproc.soft": `ok: 5000 ${file}:4`,
		"limits.root.stack.hard": `ok: unlimited ${file}:2`,
		"limits.root.stack.soft": `ok: 9000 ${file}:1`,
	});
	expect(host.run("apply", { settings })).toMatchObject({
		status: 0,
		stdout: "",
		stderr: "",
	});
});

/** Applies, which must refuse and change nothing; what it says. */
function refusal(host: FakeHost, settings: readonly Setting[]): string {
	const before = host.snapshot();
	const { status, stderr } = host.run("apply", { settings });
	expect(status).toBe(65);
	expect(stderr).toContain("refused, and nothing was changed");
	expect(host.snapshot()).toEqual(before);
	return stderr;
}

describe("open files above fs.nr_open", () => {
	const name = "limits-nofile-above-nr-open";

	test("are refused before anything is written", () => {
		const stderr = refusal(caseHost(name), settingsOf(name));
		expect(stderr).toContain("limits root.nofile.hard: fs.nr_open is 1048576");
		expect(stderr).toContain("limits *.nofile.soft: fs.nr_open is 1048576");
	});

	test("are accepted where the same run raises fs.nr_open", () => {
		const host = caseHost(name);
		const settings = settingsOf(
			name,
			'sysctl: {fs.nr_open: 2000000}\nlimits: {"*": {nofile: 2000000}}',
		);
		expect(host.run("apply", { settings })).toMatchObject({ status: 0 });
		// Taking fs.nr_open away alone would leave limits that the kernel refuses.
		const fewer = settings.filter(({ tunable }) => tunable === "limits");
		expect(refusal(host, fewer)).toContain("fs.nr_open is 1048576");
		expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
	});

	test("are refused where fs.nr_open was only raised by hand", () => {
		const host = caseHost(name);
		host.write("proc/sys/fs/nr_open", "4000000\n");
		expect(refusal(host, settingsOf(name))).toContain(
			"fs.nr_open is after a boot 1048576",
		);
	});

	test("are accepted where systemd raises fs.nr_open at every boot", () => {
		const host = caseHost(name, "el-9");
		host.write("proc/sys/fs/nr_open", "1073741816\n");
		const settings = settingsOf(name);
		expect(host.run("apply", { settings })).toMatchObject({ status: 0 });
	});

	test("are refused where a later file lowers it at the next boot", () => {
		const boot = "limits-nr-open-at-boot";
		expect(refusal(caseHost(boot), settingsOf(boot))).toContain(
			"after a boot 1048576 (/etc/sysctl.d/zzz-site.conf:1)",
		);
	});

	test.each([
		['{"*": {nofile: unlimited}}', /limits\.\*\.nofile/],
		['{"*": {nofile: 10}}', /at least 64|64 to/],
		["{fx: {nproc: 0}}", /limits\.fx\.nproc/],
		["{fx: {nofile: {soft: 4096, hard: 1024}}}", /not above the hard one/],
		["{fx: {nice: {soft: -10, hard: 0}}}", /not above the hard one/],
		["{fx: {priority: {soft: 1, hard: 2}}}", /limits\.fx\.priority/],
	])("and others that end logins are no inventory: %s", (limits, message) => {
		const load = () => settingsOf(name, `limits: ${limits}`);
		expect(load).toThrow(InventoryError);
		expect(load).toThrow(message);
	});

	test("contradict fs.nr_open in the inventory", () => {
		expect(() =>
			settingsOf(
				name,
				"sysctl: {fs.nr_open: 500000}\nlimits: {fx: {nofile: {hard: 600000}}}",
			),
		).toThrow(/limits\.fx\.nofile[\s\S]*contradicts sysctl\.fs\.nr_open/);
	});
});

describe("the lines of others", () => {
	test("a line that ends all limits of a user", () => {
		const host = caseHost("limits-no-limits-line");
		const settings = settingsOf("limits-no-limits-line");
		const { status, stderr } = host.run("apply", { settings });
		expect(status).toBe(65);
		expect(stderr).toContain("fx.nofile.hard");
		const nothing = "liveDrift:  /etc/security/limits.d/10-fx.conf:2";
		expect(found(host, settings)).toEqual({
			"limits.@trading.rtprio.hard":
				"ok: 99 /etc/security/limits.d/zz-metaltune.conf:2",
			"limits.@trading.rtprio.soft":
				"ok: 99 /etc/security/limits.d/zz-metaltune.conf:3",
			"limits.fx.memlock.hard": nothing,
			"limits.fx.memlock.soft": nothing,
			"limits.fx.nofile.hard": nothing,
			"limits.fx.nofile.soft": nothing,
		});
		expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
	});

	test("a hard limit that lowers a soft one", () => {
		const host = caseHost("limits-soft-above-hard");
		const settings = settingsOf("limits-soft-above-hard");
		expect(host.run("apply", { settings }).status).toBe(65);
		const file = "/etc/security/limits.d/90-site.conf";
		expect(found(host, settings)).toEqual({
			"limits.fx.nice.soft": `liveDrift: 0 (lowered to the hard limit) ${file}:2`,
			"limits.fx.nofile.soft": `liveDrift: 4096 (lowered to the hard limit) ${file}:1`,
		});
		expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
	});

	test("a range of UIDs in a file that sorts after ours", () => {
		const host = caseHost("limits-uid-range");
		const settings = settingsOf("limits-uid-range");
		expect(host.run("apply", { settings }).status).toBe(65);
		const later = "liveDrift: 8192 /etc/security/limits.d/zzz-uids.conf:1";
		expect(found(host, settings)).toEqual({
			"limits.root.nofile.hard": later,
			"limits.root.nofile.soft": later,
		});
		expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
	});
});
