/**
 * A host that cannot be tuned as declared, or cannot be reverted, says why;
 * after the cause is gone, a plain `pulumi up` or `destroy` goes on.
 */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { diffTrees, type TreeSnapshot } from "../support/tree";
import { done, type EngineLab, startEngineLab } from "./lab";

jest.setTimeout(120_000);

const mount = "/mnt/hugepages";
const tuning = (pages: number) => ({
	sysctl: { "vm.swappiness": 7 },
	hugePages: { "2M": { node0: pages }, mounts: [{ path: mount, size: "2M" }] },
});
const ok = { verdicts: { ok: 3 }, pendingReboot: [] };

let lab: EngineLab;
let before: readonly TreeSnapshot[];

beforeAll(async () => {
	lab = await startEngineLab({ count: 2 });
	before = lab.hosts.map((host) => host.tree());
});
afterAll(() => lab?.remove());

test("too many pages fail up with the host's table", async () => {
	lab.declare(
		{ tuning: tuning(64) },
		{ "light-1": { tuning: tuning(100_000) }, "light-2": {} },
	);
	const failed = await lab.up();
	expect(failed.code).not.toBe(0);
	expect(failed.text).toContain("light-1-apply");
	expect(failed.text).toMatch(/metaltune: not effective:/);
	expect(failed.text).toMatch(
		/hugePages\.node0\.2048kB +>= 100000 +\d+ +100000 +liveDrift/,
	);
	// The same again is tried again, not taken for done.
	expect((await lab.up()).text).toMatch(/>= 100000/);
});

test("a plain up converges once the inventory is right", async () => {
	lab.declare({ tuning: tuning(64) });
	await done(lab.up());
	expect(await lab.status()).toMatchObject({ "light-1": ok, "light-2": ok });
	await done(lab.drift());
});

test("after a destroy that stopped half-way, a plain up tunes again", async () => {
	const busy = join(lab.host("light-1").root, ".lab/busy");
	writeFileSync(busy, `${mount}\n`);
	const failed = await lab.destroy();
	expect(failed.code).not.toBe(0);
	expect(failed.text).toMatch(/light-1: revert: .*hugePages/s);
	await done(lab.up());
	expect(await lab.status()).toMatchObject({ "light-1": ok, "light-2": ok });
	rmSync(busy);
	await done(lab.destroy());
	for (const [index, host] of lab.hosts.entries()) {
		expect(diffTrees(before[index] ?? new Map(), host.tree())).toEqual([]);
	}
});
