/**
 * What metaltune remembers about a host is noticed when it is damaged, is there
 * a second time, and is never made up from what the host has been tuned to.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseReport, settingsStream } from "../../host/protocol";
import type { Setting } from "../../model/settings";
import { tunables } from "../../tunables/registry";
import { type FakeHost, fakeHost } from "../support/hostRun";
import { settingsFromYaml } from "../support/inventory";
import { disposeAfterTest } from "../support/newHost";
import { diffTrees, type TreeSnapshot } from "../support/tree";

jest.setTimeout(120_000);

const exact = (tunable: string, key: string, value: string): Setting => ({
	tunable,
	key,
	match: "exact",
	value,
	effect: "live",
});
const settings = [
	exact("sysctl", "net.core.rmem_max", "134217728"),
	exact("sysctl", "vm.swappiness", "7"),
	exact("memory", "transparentHugePages", "never"),
];
const owner = `owner\t${"ab".repeat(16)}\tmetaltune/dev\tfx-1\n`;
const input = `${owner}${settingsStream(settings)}`;

const state = "var/lib/metaltune";
const etc = "etc/metaltune";
const pairs: { readonly [record: string]: string } = {
	[`${state}/baseline.tsv`]: `${etc}/baseline.tsv`,
	[`${etc}/settings.tsv`]: `${state}/settings.tsv`,
	[`${state}/originals.tsv`]: `${etc}/originals.tsv`,
	[`${state}/owner.tsv`]: `${state}/owner.tsv.copy`,
	[`${state}/directories`]: `${state}/directories.copy`,
	[`${state}/provisional.tsv`]: `${state}/provisional.tsv.copy`,
};

const damages: { readonly [name: string]: (file: string) => void } = {
	deleted: (file) => rmSync(file),
	emptied: (file) => writeFileSync(file, ""),
	truncated: (file) => writeFileSync(file, readFileSync(file).subarray(0, -20)),
	"without its last byte": (file) =>
		writeFileSync(file, readFileSync(file).subarray(0, -1)),
	"without its closing line": (file) =>
		writeFileSync(file, readFileSync(file, "latin1").replace(/end\t.*\n$/, "")),
	"without its first line": (file) =>
		writeFileSync(file, readFileSync(file, "latin1").replace(/^.*\n/, "")),
	"with one byte flipped": (file) => {
		const bytes = readFileSync(file);
		const at = Math.floor(bytes.length / 3);
		bytes[at] = (bytes[at] ?? 0) ^ 1;
		writeFileSync(file, bytes);
	},
	"with a NUL byte": (file) => {
		const bytes = readFileSync(file);
		bytes[0] = 0;
		writeFileSync(file, bytes);
	},
};

let tuned: FakeHost;
let before: TreeSnapshot;

beforeAll(() => {
	tuned = fakeHost();
	// A directory of metaltune's making.
	rmSync(join(tuned.root, "etc/sysctl.d"), { recursive: true, force: true });
	before = tuned.snapshot();
	tuned.install();
	const applied = tuned.run("apply --rollback=600", { stdin: input });
	expect(applied).toMatchObject({ status: 0, stderr: "" });
});
afterAll(() => tuned?.dispose());

function copyOfTuned(): FakeHost {
	return disposeAfterTest(tuned.clone());
}

const isGone = (host: FakeHost) =>
	expect(diffTrees(before, host.snapshot())).toEqual([]);

// All are read by the same code: one of them meets every damage, in the record and
// in its copy, and each other one a damage of either.
const records = Object.keys(pairs).flatMap((record, index) =>
	index === 0
		? Object.keys(damages).flatMap((damage) => [
				[record, damage, "the record"] as const,
				[record, damage, "its copy"] as const,
			])
		: [
				[record, "deleted", "the record"] as const,
				[record, "truncated", "its copy"] as const,
				[record, "with one byte flipped", "the record"] as const,
			],
);

test("every record is kept twice, the same", () => {
	for (const [record, copy] of Object.entries(pairs)) {
		if (record.includes("provisional")) continue;
		expect(tuned.read(copy)).toBe(tuned.read(record));
		expect(tuned.read(record)).toMatch(/(^|\n)end\t\d+\t[0-9a-f]{64}\n$/);
	}
	expect(
		parseReport(tuned.run("probe", { settings }).stdout, settings).damaged,
	).toEqual([]);
});

test.each(records)("%s %s: %s", (record, damage, which) => {
	const host = copyOfTuned();
	if (record.includes("provisional")) {
		const ring = exact("sysctl", "net.core.wmem_max", "134217728");
		const stdin = `${owner}${settingsStream([...settings, ring])}`;
		host.run("apply --rollback=600", { stdin });
	}
	const whole = host.read(record);
	const path = which === "the record" ? record : pairs[record];
	damages[damage]?.(join(host.root, path ?? ""));
	const damagedHost = disposeAfterTest(host.clone());

	const { damaged } = parseReport(
		host.run("probe", { settings }).stdout,
		settings,
	);
	expect(damaged).toEqual([`/${path}`]);
	const applied = host.run("apply", { stdin: input });
	expect(applied.status).toBe(0);
	if (!record.includes("provisional")) {
		expect(host.read(record)).toBe(whole);
		expect(host.read(pairs[record] ?? "")).toBe(whole);
	}
	expect(
		parseReport(host.run("probe", { settings }).stdout, settings).damaged,
	).toEqual([]);
	expect(host.run("revert").status).toBe(0);
	isGone(host);
	expect(damagedHost.run("revert").status).toBe(0);
	isGone(damagedHost);
});

describe("a baseline that is lost twice", () => {
	const both = [`${state}/baseline.tsv`, `${etc}/baseline.tsv`];

	test.each(Object.keys(damages))("%s", (damage) => {
		const host = copyOfTuned();
		for (const path of both) damages[damage]?.(join(host.root, path));
		const broken = host.snapshot();
		for (const verb of [
			"probe",
			"probe --installed",
			"check",
			"apply",
			"revert",
		]) {
			const run = host.run(verb, { settings });
			expect(run.status).toBe(65);
			expect(run.stderr).toMatch(
				/this host is tuned, but \/var\/lib\/metaltune\/baseline.tsv.* is (missing|damaged).*metaltune adopt/,
			);
			expect(diffTrees(broken, host.snapshot())).toEqual([]);
		}
		expect(host.run("adopt").status).toBe(0);
		expect(host.run("apply", { settings })).toMatchObject({
			status: 0,
			stdout: "",
		});
		expect(host.run("check").status).toBe(0);
		// Files come back, as they are kept; values are what was adopted.
		expect(host.run("revert").status).toBe(0);
		expect(host.read("proc/sys/net/core/rmem_max")).toBe("134217728\n");
		expect(existsSync(join(host.root, state))).toBe(false);
		expect(existsSync(join(host.root, etc))).toBe(false);
	});

	test.each([
		["all of /var/lib/metaltune and the copy", [state, `${etc}/baseline.tsv`]],
		["all records", [state, etc]],
	])("with %s", (_name, paths) => {
		const host = copyOfTuned();
		for (const path of paths) host.remove(path);
		for (const verb of ["probe", "apply", "revert"]) {
			expect(host.run(verb, { settings })).toMatchObject({
				status: 65,
				stderr: expect.stringContaining("metaltune adopt"),
			});
		}
		expect(host.run("adopt").status).toBe(0);
		expect(host.run("apply", { settings }).status).toBe(0);
		expect(host.run("revert").status).toBe(0);
		expect(
			existsSync(join(host.root, "etc/systemd/system/metaltune.service")),
		).toBe(false);
	});

	test("a boot goes on, and takes nothing for a baseline", () => {
		const host = copyOfTuned();
		for (const path of both) host.remove(path);
		host.write(
			"sys/kernel/mm/transparent_hugepage/enabled",
			"[always] madvise never\n",
		);
		const run = host.run("boot");
		expect(run).toMatchObject({
			status: 0,
			stderr: expect.stringContaining("going on without it"),
		});
		expect(host.read("sys/kernel/mm/transparent_hugepage/enabled")).toContain(
			"[never]",
		);
		expect(host.run("probe", { settings }).status).toBe(65);
	});

	test("there is nothing to adopt while it is whole", () => {
		const host = copyOfTuned();
		const was = host.snapshot();
		expect(host.run("adopt").status).toBe(64);
		expect(diffTrees(was, host.snapshot())).toEqual([]);
	});
});

describe("settings that are lost twice", () => {
	test.each(Object.keys(damages))("%s", (damage) => {
		const host = copyOfTuned();
		for (const path of [`${etc}/settings.tsv`, `${state}/settings.tsv`]) {
			damages[damage]?.(join(host.root, path));
		}
		const check = host.run("check");
		expect(check.status).toBe(1);
		expect(check.stderr).toContain("pulumi up --refresh");
		host.write("proc/sys/vm/swappiness", "60\n");
		expect(host.run("boot").status).toBe(65);
		expect(host.read("proc/sys/vm/swappiness")).toBe("60\n");
		expect(host.run("apply", { stdin: input }).status).toBe(0);
		expect(host.run("check").status).toBe(0);
		expect(host.run("revert").status).toBe(0);
		isGone(host);
	});
});

describe("the copy of a file from before metaltune", () => {
	const fstab = `${state}/files/etc/fstab`;
	const mounts = tunables.find(({ name }) => name === "mounts");

	function mounting(): { host: FakeHost; all: readonly Setting[] } {
		if (mounts === undefined) throw new Error("no tunable mounts");
		const host = copyOfTuned();
		const all = [
			...settings,
			...settingsFromYaml(mounts, "/mnt/fx: {type: tmpfs, device: tmpfs}"),
		];
		expect(host.run("apply", { settings: all }).status).toBe(0);
		return { host, all };
	}

	test.each(
		["deleted", "emptied", "truncated", "with one byte flipped"].map(
			(damage) => [damage, fstab] as const,
		),
	)("%s", (damage, path) => {
		const { host, all } = mounting();
		damages[damage]?.(join(host.root, path));
		const broken = host.snapshot();
		for (const verb of ["probe", "check", "apply", "revert"]) {
			const run = host.run(verb, { settings: all });
			expect(run.status).toBe(65);
			expect(run.stderr).toMatch(
				/files from before metaltune are damaged or missing: \/etc\/fstab ;.*metaltune adopt/,
			);
			expect(diffTrees(broken, host.snapshot())).toEqual([]);
		}
		expect(host.run("adopt").status).toBe(0);
		expect(host.run("apply", { settings: all })).toMatchObject({
			status: 0,
			stdout: "",
		});
		expect(host.run("check").status).toBe(0);
	});

	test.each([
		[
			"the knowledge that there was no file",
			`${state}/files/etc/sysctl.d/zz-metaltune.conf.absent`,
		],
		["all of them", `${state}/files`],
	])("deleted: %s", (_name, path) => {
		const { host, all } = mounting();
		host.remove(path);
		for (const verb of ["probe", "apply", "revert"]) {
			const run = host.run(verb, { settings: all });
			expect(run.status).toBe(65);
			expect(run.stderr).toContain("/etc/sysctl.d/zz-metaltune.conf");
		}
	});

	test("comes back, and is no longer missed, when it is not needed", () => {
		const { host } = mounting();
		expect(host.run("apply", { stdin: input }).status).toBe(0);
		expect(host.snapshot().has(fstab)).toBe(false);
		host.write("etc/fstab", "# another's\n");
		expect(host.run("probe", { settings }).status).toBe(0);
		expect(host.run("apply", { stdin: input }).status).toBe(0);
	});
});

test("a journal that is damaged still says that a run was interrupted", () => {
	const host = copyOfTuned();
	host.write(`${state}/journal`, "app");
	const { interrupted } = parseReport(
		host.run("probe", { settings }).stdout,
		settings,
	);
	expect(interrupted).toBe("run");
});

test("a host that an earlier version tuned is taken as it is, and closed", () => {
	const host = copyOfTuned();
	for (const [record, copy] of Object.entries(pairs)) {
		if (!existsSync(join(host.root, record))) continue;
		host.write(record, host.read(record).replace(/end\t.*\n$/, ""));
		host.remove(copy);
	}
	expect(host.run("probe", { settings })).toMatchObject({ status: 0 });
	const untouched = disposeAfterTest(host.clone());
	expect(untouched.run("revert").status).toBe(0);
	isGone(untouched);
	expect(host.run("apply", { stdin: input }).status).toBe(0);
	expect(host.read(`${etc}/baseline.tsv`)).toBe(
		tuned.read(`${etc}/baseline.tsv`),
	);
	expect(host.run("revert").status).toBe(0);
	isGone(host);
});
