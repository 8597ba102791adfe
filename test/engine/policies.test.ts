/** The policy pack in the real engine: what it refuses is never applied. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { done, type EngineLab, type Sections, startEngineLab } from "./lab";

jest.setTimeout(300_000);

let lab: EngineLab;

beforeAll(async () => {
	lab = await startEngineLab({ count: 2 });
});
afterAll(() => lab?.remove());

const pack = ["--policy-pack", "policies"];
const topology = {
	threadsPerCore: 1,
	numaNodes: [{ cpus: "0-7", memoryGiB: 8 }],
};
const rollout = { maxUnavailable: 1, reboot: "manual" };

function isolated(cpus: string): Sections {
	return {
		topology,
		rollout,
		tuning: {
			kernelCommandLine: { isolcpus: cpus, nohz_full: cpus, rcu_nocbs: cpus },
			memory: { transparentHugePages: "never" },
			irqAffinity: { default: 0, others: 0 },
			irqbalance: "off",
		},
	};
}

function policies(text: string): readonly string[] {
	const found = text.matchAll(/\[(mandatory|advisory)\] +(\w+) +\(.*: (.*)\)/g);
	return [...found].map(([, level, rule, host]) => `${host} ${rule} ${level}`);
}

test("a clean stack passes, and no host was asked for it", async () => {
	lab.declare(isolated("1-7"));
	const seen = await done(lab.pulumi("preview", ...pack));
	expect(policies(seen.text)).toEqual([]);
	expect(seen.text).toMatch(/metaltune@v\d+\.\d+\.\d+ \(local: policies\)/);
	expect(seen.logins).toEqual({ "light-1": 0, "light-2": 0 });
});

test("the classic mistakes are refused, each by its rule and by name", async () => {
	const { tuning, ...sections } = isolated("0-3");
	lab.declare({
		...sections,
		tuning: { ...Object(tuning), hugePages: { "1G": { node0: 7 } } },
	});
	const refused = await lab.pulumi("preview", ...pack);
	expect(refused.code).not.toBe(0);
	const each = (rule: string) => [
		`light-1 ${rule} mandatory`,
		`light-2 ${rule} mandatory`,
	];
	expect(policies(refused.text).toSorted()).toEqual(
		[
			...["bootCpu", "bootCpu", "memoryFits"],
			// Once for `default`, once for `others`.
			...["interruptsOffApplications", "interruptsOffApplications"],
		]
			.flatMap(each)
			.toSorted(),
	);
	expect(refused.text).toContain(
		"light-1: tuning.kernelCommandLine.isolcpus: 0-3 ",
	);
});

test("a refused update changes no host", async () => {
	lab.declare(isolated("0-3"));
	const trees = () =>
		["light-1", "light-2"].map((host) => lab.host(host).tree());
	const before = trees();
	const refused = await lab.up(...pack);
	expect(refused.code).not.toBe(0);
	// An update ends at the first refusal: which host it names is chance.
	expect(policies(refused.text)).toContainEqual(
		expect.stringMatching(/^light-[12] bootCpu mandatory$/),
	);
	expect(trees()).toEqual(before);
});

test("rules about all hosts see them, and advisories refuse nothing", async () => {
	const parameter = { tuning: { kernelCommandLine: { skew_tick: 1 } } };
	const swappiness = { tuning: { sysctl: { "vm.swappiness": 1 } } };
	lab.declare(isolated("1-7"), { "light-1": {}, "light-2": parameter });
	const refused = await lab.pulumi("preview", ...pack);
	expect(refused.code).not.toBe(0);
	expect(policies(refused.text)).toEqual([
		"light-2 kernelParametersSame mandatory",
	]);
	lab.declare(isolated("1-7"), { "light-1": {}, "light-2": swappiness });
	const told = await done(lab.pulumi("preview", ...pack));
	expect(policies(told.text)).toEqual(["light-2 rolesIdentical advisory"]);
});

test("levels and options come from the file that lint takes too", async () => {
	lab.declare(isolated("0-3"));
	const file = join(lab.directory, "policy-config.json");
	writeFileSync(
		file,
		JSON.stringify({
			bootCpu: "advisory",
			interruptsOffApplications: "disabled",
			housekeepingCpus: { minimumPerNode: 5 },
		}),
	);
	const refused = await lab.pulumi(
		"preview",
		...pack,
		"--policy-pack-config",
		file,
	);
	expect(new Set(policies(refused.text))).toEqual(
		new Set([
			"light-1 bootCpu advisory",
			"light-2 bootCpu advisory",
			"light-1 housekeepingCpus mandatory",
			"light-2 housekeepingCpus mandatory",
		]),
	);
});
