/**
 * `metaltune drift` sees what a refresh of the real engine sees, whatever was
 * done to the hosts; `metaltune repair` brings back those that drifted.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { DriftReport } from "../../observe/drift/driftReport";
import type { Deviation } from "../../observe/drift/judge";
import { diffTrees } from "../support/tree";
import { done, type EngineLab, startEngineLab } from "./lab";
import { perturbations, tuning } from "./perturbations";

jest.setTimeout(400_000);

const hostsCount = 4;

let lab: EngineLab;

beforeAll(async () => {
	lab = await startEngineLab({ count: hostsCount });
	lab.declare({ tuning });
	await done(lab.up());
});
afterAll(() => lab?.remove());

async function driftOf(...args: readonly string[]) {
	const file = join(lab.directory, "state/drift.json");
	const { code, text, logins } = await lab.metaltune(
		"drift",
		...args,
		"--write",
		file,
	);
	const report: DriftReport = JSON.parse(readFileSync(file, "utf8"));
	return { code, text, logins, report };
}

type Shown = (deviation: Deviation) => boolean;

function keysOf(report: DriftReport, shown: Shown): readonly string[] {
	return report.hosts
		.flatMap(({ name, deviations }) =>
			deviations.filter(shown).map(({ key }) => `${name} ${key}`),
		)
		.toSorted();
}

/** `HOST KEY` for every key that a refresh shows a change of. */
function keysOfRefresh(text: string): readonly string[] {
	const parts = text.split(/\[urn=[^\]]*::metaltune:index:[^\]]*HostState::/);
	const keys = parts.slice(1).flatMap((part) => {
		const [whole = ""] = part.split("[urn=");
		// Beside a change, the diff also shows why keys cannot exist; alone, that
		// is no change.
		const own = whole.replaceAll(/[~+-] unsupported *: \{[^}]*\}/g, "");
		const host = own.split("]")[0];
		const changed = /^ +[~+-] ([a-zA-Z]+\.[^\s:]+|program) *:/gm;
		// What is damaged is shown in the place of the program.
		const program = /^ +~ program *:.*"damaged: /m.test(own)
			? "metaltune.records"
			: "metaltune.program";
		return [...own.matchAll(changed)].map(
			([, key]) => `${host} ${key === "program" ? program : key}`,
		);
	});
	return [...new Set(keys)].toSorted();
}

const open: Shown = ({ accepted }) => !accepted;

// An inventory's next `up` installs its program; that is no drift of the host.
const notOfInventory: Shown = ({ key, live }) =>
	key === "metaltune.program" && live?.status === "value";

async function agree(chosen: readonly (readonly [number, string])[]) {
	const undo = chosen.map(([index, name]) =>
		perturbations[name]?.(lab.hosts[index]?.root ?? ""),
	);
	try {
		const trees = lab.hosts.map((host) => host.tree());
		const refresh = await lab.drift();
		const deployed = await driftOf("--stack", "dev");
		const written = await driftOf();
		expect(keysOf(deployed.report, open)).toEqual(keysOfRefresh(refresh.text));
		expect(deployed.code === 0).toBe(refresh.code === 0);
		expect(keysOf(written.report, open)).toEqual(
			keysOf(deployed.report, (each) => open(each) && !notOfInventory(each)),
		);
		expect(Object.values(deployed.logins)).toEqual(lab.hosts.map(() => 1));
		for (const [index, host] of lab.hosts.entries()) {
			expect(diffTrees(trees[index] ?? new Map(), host.tree())).toEqual([]);
		}
	} finally {
		for (const back of undo.toReversed()) back?.();
	}
}

test("every way to drift is seen by drift as by a refresh", async () => {
	const names = Object.keys(perturbations);
	// Each on a host of its own, so that none masks another.
	for (let first = 0; first < names.length; first += hostsCount) {
		const some = names.slice(first, first + hostsCount);
		await agree(some.map((name, index) => [index, name] as const));
	}
});

test("any mixture of them is", async () => {
	// Two changes of one file cannot both be undone in any order.
	const apart = [
		["another value", "a key the kernel lacks", "a key that cannot be read"],
		["another boot file", "no boot file"],
		["too few pages", "more than the minimum"],
		["no program", "another program"],
		["another boot menu", "a boot without the parameter"],
		["no settings", "no unit at boot", "no limits", "no such feature"],
	];
	const change = fc.tuple(
		fc.nat(hostsCount - 1),
		fc.uniqueArray(fc.nat(apart.length - 1), { minLength: 1, maxLength: 4 }),
		fc.nat(100),
	);
	await fc.assert(
		fc.asyncProperty(
			fc.uniqueArray(change, {
				maxLength: hostsCount,
				selector: ([host]) => host,
			}),
			(mixture) =>
				agree(
					mixture.flatMap(([host, groups, pick]) =>
						groups.map((group) => {
							const names = apart[group] ?? [];
							return [host, names[pick % names.length] ?? "nothing"] as const;
						}),
					),
				),
		),
		{
			numRuns: 4,
			endOnFailure: true,
			// A key that the kernel lacks, beside others.
			examples: [[[[1, [0, 1, 3, 4], 73]]]],
		},
	);
});

test("an inventory that is not deployed is judged as such", async () => {
	lab.declare({
		tuning: { ...tuning, sysctl: { ...tuning.sysctl, "vm.swappiness": 9 } },
	});
	const written = await driftOf();
	expect(written).toMatchObject({ code: 2 });
	expect(written.report.hosts[0]?.notes.join()).toContain(
		"changes that are not deployed",
	);
	expect(await driftOf("--stack", "dev")).toMatchObject({ code: 0 });
	lab.declare({ tuning });
});

test("repair brings back the host that drifted and says what it left", async () => {
	const [first, second] = [lab.host("light-1"), lab.host("light-2")];
	writeFileSync(join(first.root, "proc/sys/vm/swappiness"), "60\n");
	const before = second.tree();
	const refused = await lab.metaltune("repair");
	expect(refused).toMatchObject({ code: 1, logins: { "light-1": 0 } });
	expect(refused.text).toContain("expected a terminal");
	const repaired = await done(lab.metaltune("repair", "--yes"));
	// Looked at once; of the second no more.
	expect(repaired.logins["light-2"]).toBe(1);
	expect(repaired.text).toMatch(/"live: 60" => "7"/);
	expect(first.read("proc/sys/vm/swappiness")).toBe("7");
	expect(diffTrees(before, second.tree())).toEqual([]);
	expect(await lab.drift()).toMatchObject({ code: 0 });
	const again = await done(lab.metaltune("repair", "--yes"));
	expect(again.text).toContain("nothing to repair");
});

test("repair deploys undeployed changes only with its option", async () => {
	const { root } = lab.host("light-1");
	const drifts = () =>
		writeFileSync(join(root, "proc/sys/vm/swappiness"), "60\n");
	drifts();
	lab.declare({
		tuning: { ...tuning, sysctl: { ...tuning.sysctl, "vm.swappiness": 9 } },
		rollout: { rollbackSeconds: 300 },
	});
	const refused = await lab.metaltune("repair", "--yes");
	expect(refused).toMatchObject({ code: 2 });
	expect(refused.text).toMatch(
		/refused: light-1: .* changes: sysctl\.vm\.swappiness 7 -> 9, rollout\.rollbackSeconds 120 -> 300; /,
	);
	expect(lab.host("light-1").read("proc/sys/vm/swappiness")).toBe("60");
	await done(lab.metaltune("repair", "--yes", "--with-undeployed-changes"));
	expect(lab.host("light-1").read("proc/sys/vm/swappiness")).toBe("9");
	// It is deployed now, all of it.
	drifts();
	await done(lab.metaltune("repair", "--yes"));
	expect(lab.host("light-1").read("proc/sys/vm/swappiness")).toBe("9");
	lab.declare({ tuning });
	await done(lab.up());
});

test("drift that a refresh has recorded is drift all the same", async () => {
	const { root } = lab.host("light-1");
	writeFileSync(join(root, "proc/sys/vm/swappiness"), "60\n");
	await done(lab.pulumi("refresh", "--yes", "--skip-preview"));
	const seen = await driftOf("--stack", "dev");
	expect(seen).toMatchObject({ code: 2 });
	expect(seen.report.hosts[0]?.deviations).toMatchObject([
		{ key: "sysctl.vm.swappiness", declared: "7", live: { text: "60" } },
	]);
	await done(lab.metaltune("repair", "--stack", "dev", "--yes"));
	expect(await driftOf("--stack", "dev")).toMatchObject({ code: 0 });
});

test("a host that is down is left alone by name; the other is repaired", async () => {
	lab.host("light-2").halt();
	const nothing = await lab.metaltune("repair", "--yes");
	expect(nothing).toMatchObject({ code: 1 });
	expect(nothing.text).toMatch(/left alone: light-2: unreachable: .*refused/);
	const { root } = lab.host("light-1");
	writeFileSync(join(root, "proc/sys/vm/swappiness"), "60\n");
	expect(await driftOf("--stack", "dev")).toMatchObject({ code: 1 });
	const repaired = await lab.metaltune("repair", "--yes");
	// All that could be was repaired; the exit code is about the fleet.
	expect(repaired).toMatchObject({ code: 1 });
	expect(repaired.text).toMatch(/left alone: light-2: unreachable/);
	expect(lab.host("light-1").read("proc/sys/vm/swappiness")).toBe("7");
	await lab.host("light-2").start();
});

test("a wait that was decided is shown and accepted", async () => {
	lab.declare({
		tuning: { ...tuning, kernelCommandLine: { isolcpus: "2-6" } },
		rollout: { reboot: "manual" },
	});
	await done(lab.up());
	for (const args of [[], ["--stack", "dev"]]) {
		const seen = await driftOf(...args);
		expect(seen).toMatchObject({ code: 0 });
		expect(keysOf(seen.report, () => true)).toEqual(
			lab.hosts.map(({ name }) => `${name} kernelCommandLine.isolcpus`),
		);
	}
	expect(await lab.drift()).toMatchObject({ code: 0 });
});

test("a stack's secrets log in, and stay out of reports", async () => {
	const key = readFileSync(lab.privateKeyFile, "utf8");
	await done(lab.pulumi("config", "set", "--secret", "sshKey", "--", key));
	lab.declare({
		tuning,
		connection: { privateKeySecret: "sshKey" },
		rollout: { reboot: "manual" },
	});
	await done(lab.up());
	expect(await driftOf()).toMatchObject({ code: 1 });
	const seen = await driftOf("--stack", "dev");
	expect(seen.report.hosts.map(({ status }) => status)).toEqual(
		lab.hosts.map(() => "clean"),
	);
	const secret = key.split("\n")[1] ?? "";
	expect(secret.length).toBeGreaterThan(20);
	expect(seen.text + JSON.stringify(seen.report)).not.toContain(secret);
});
