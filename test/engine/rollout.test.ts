/**
 * A group of five behind a canary, two at a time: what is under change at
 * once, what a failure leaves alone, and that the next up goes on there.
 */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { waitFor } from "../../lab/light/runProgram";
import { done, type EngineLab, type Run, startEngineLab } from "./lab";

jest.setTimeout(240_000);

const rollout = { canary: "light-3", maxUnavailable: 2 };
const others = ["light-1", "light-2", "light-4", "light-5"];

let lab: EngineLab;

beforeAll(async () => {
	lab = await startEngineLab({ count: 5 });
});
afterAll(() => lab?.remove());

interface Overlap {
	/** The most hosts that were under change at once. */
	readonly most: number;
	/** Hosts in the order in which they were begun. */
	readonly begun: readonly string[];
	/** Hosts begun before the first one was done. */
	readonly withFirst: readonly string[];
}

/** Reads the engine's own order of events from its output. */
function overlapOf({ text }: Run, first: string, last: string): Overlap {
	const [events = ""] = text.split("Diagnostics:");
	const under = new Set<string>();
	const begun: string[] = [];
	let most = 0;
	let withFirst: readonly string[] | undefined;
	for (const line of events.split("\n")) {
		const [, type = "", host = "", what = ""] =
			/metaltune:index:(\w+) (\S+) (\w+)/.exec(line) ?? [];
		const event = `${type} ${what}`;
		if (event === first && !begun.includes(host)) {
			begun.push(host);
			under.add(host);
			most = Math.max(most, under.size);
		}
		if (event === last && under.delete(host)) withFirst ??= [...begun];
	}
	return { most, begun, withFirst: withFirst ?? [] };
}

const created = (run: Run) =>
	overlapOf(run, "HostState creating", "HostReady created");

function reboots(): readonly number[] {
	return lab.hosts.map((host) => host.reboots());
}

function noReturn(name: string): string {
	return join(lab.host(name).root, ".lab/no-return");
}

test("a canary that fails is all that was touched", async () => {
	writeFileSync(noReturn("light-3"), "");
	lab.declare({
		tuning: { kernelCommandLine: { isolcpus: "2-5" } },
		rollout: { ...rollout, rebootTimeoutSeconds: 3 },
	});
	const failed = await lab.up();
	expect(failed.code).not.toBe(0);
	expect(created(failed).begun).toEqual(["light-3"]);
	for (const name of others) expect(failed.logins[name]).toBe(0);
	expect(failed.text).toMatch(
		/error: light-3: the host did not come back .*\n\s*not begun before light-3 is ready: light-1, light-2, light-4, light-5/,
	);
	rmSync(noReturn("light-3"));
});

test("a host that fails later leaves its dependents alone", async () => {
	writeFileSync(noReturn("light-1"), "");
	const failed = await lab.up("--refresh");
	expect(failed.code).not.toBe(0);
	const { begun } = created(failed);
	expect(begun).toEqual(expect.arrayContaining(["light-1", "light-2"]));
	expect(begun).not.toContain("light-4");
	expect(failed.text).toContain("not begun before light-1 is ready: light-4");
	expect(lab.host("light-4").reboots()).toBe(0);
	rmSync(noReturn("light-1"));
});

test("the next up goes on there, and reboots no host twice", async () => {
	lab.declare({
		tuning: { kernelCommandLine: { isolcpus: "2-5" } },
		rollout,
	});
	const before = lab.host("light-2").reboots();
	const resumed = await done(lab.up("--refresh"));
	expect(created(resumed).most).toBeLessThanOrEqual(2);
	expect(lab.host("light-2").reboots()).toBe(Math.max(1, before));
	await done(lab.drift());
	const settled = reboots();
	const idle = await done(lab.up());
	expect(Object.values(idle.logins)).toEqual([0, 0, 0, 0, 0]);
	expect(reboots()).toEqual(settled);
});

test("a change reaches the canary alone, then two at a time", async () => {
	lab.declare({
		tuning: { kernelCommandLine: { isolcpus: "2-4" } },
		rollout,
	});
	const changed = overlapOf(
		await done(lab.up()),
		"HostState updating",
		"HostReady updated",
	);
	expect(changed.withFirst).toEqual(["light-3"]);
	expect(changed.begun.toSorted()).toEqual([...others, "light-3"].toSorted());
	expect(changed.most).toBe(2);
});

test("killed in the middle, up finishes: nothing twice, nothing forgotten", async () => {
	lab.declare({
		tuning: { kernelCommandLine: { isolcpus: "2-3" } },
		rollout,
	});
	const before = reboots();
	const crashed = lab.up();
	await waitFor(
		"the canary to be done and another to reboot",
		() => {
			const now = reboots();
			return now.some((n, i) => i !== 2 && n !== before[i]);
		},
		120,
	);
	lab.crash();
	expect(await crashed).toMatchObject({ code: null });
	await done(lab.pulumi("cancel", "--yes"));
	// Hosts that finished their reboot after the run was stopped.
	await waitFor(
		"every host to listen",
		() => lab.hosts.every((host) => host.listens()),
		90,
	);
	await done(lab.up("--refresh"));
	expect(reboots()).toEqual(before.map((n) => n + 1));
	await done(lab.drift());
});

test("destroy takes no more down at once than up", async () => {
	const destroyed = overlapOf(
		await done(lab.destroy()),
		"HostReady deleting",
		"HostState deleted",
	);
	expect(destroyed.begun).toHaveLength(5);
	expect(destroyed.most).toBeLessThanOrEqual(2);
	expect(destroyed.begun.at(-1)).toBe("light-3");
});
