/**
 * Power cuts: `pulumi` and its plugins die while hosts are being applied, on
 * one of them the apply itself too. The next up completes what was begun.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { waitFor } from "../../lab/light/runProgram";
import { diffTrees, type TreeSnapshot } from "../support/tree";
import { done, type EngineLab, startEngineLab } from "./lab";

jest.setTimeout(120_000);

const tuning = {
	sysctl: { "vm.swappiness": 7, "net.core.rmem_max": 134217728 },
	hugePages: {
		"2M": { node0: 64 },
		mounts: [{ path: "/mnt/hugepages", size: "2M" }],
	},
	memory: { transparentHugePages: "never" },
	limits: { "*": { nofile: 1048576 } },
};

let lab: EngineLab;
let before: readonly TreeSnapshot[];

beforeAll(async () => {
	lab = await startEngineLab({ count: 3 });
	before = lab.hosts.map((host) => host.tree());
	lab.declare({ tuning });
});
afterAll(() => lab?.remove());

test("up after a crash converges, and destroy restores all", async () => {
	const journal = join(lab.host("light-1").root, "var/lib/metaltune/journal");
	const crashed = lab.up();
	await waitFor("an apply under way", () => existsSync(journal), 90);
	lab.host("light-1").halt();
	lab.crash();
	expect(await crashed).toMatchObject({ code: null });
	expect(existsSync(journal)).toBe(true);
	await lab.host("light-1").start();

	// The dead process's lock; the engine says so.
	expect((await lab.up()).text).toContain("pulumi cancel");
	await done(lab.pulumi("cancel", "--yes"));
	const resumed = await lab.up();
	expect(resumed).toMatchObject({ code: 0 });
	const ok = { verdicts: { ok: 7 }, pendingReboot: [] };
	expect(await lab.status()).toMatchObject({
		"light-1": ok,
		"light-2": ok,
		"light-3": ok,
	});
	await done(lab.drift());
	await done(lab.destroy());
	for (const [index, host] of lab.hosts.entries()) {
		expect(diffTrees(before[index] ?? new Map(), host.tree())).toEqual([]);
	}
});
