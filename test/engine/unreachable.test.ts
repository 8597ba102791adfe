/**
 * A host that does not answer is an error with its name and never "no drift";
 * one that is gone for good can be given up without having it back.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { diffTrees, type TreeSnapshot } from "../support/tree";
import { done, type EngineLab, startEngineLab } from "./lab";

jest.setTimeout(120_000);

const tuning = { sysctl: { "vm.swappiness": 7 } };
const keep = { rollout: { onDestroy: "keep" } };

let lab: EngineLab;
let before: TreeSnapshot;

beforeAll(async () => {
	lab = await startEngineLab({ count: 2 });
	before = lab.host("light-2").tree();
	lab.declare({ tuning });
	await done(lab.up());
	lab.host("light-1").halt();
});
afterAll(() => lab?.remove());

test("a refresh fails for it, and keeps what the others answered", async () => {
	const { root } = lab.host("light-2");
	writeFileSync(join(root, "proc/sys/vm/swappiness"), "33\n");
	const refreshed = await lab.pulumi("refresh", "--yes", "--skip-preview");
	expect(refreshed.code).not.toBe(0);
	expect(refreshed.text).toMatch(
		/error: light-1: root@127\.0\.0\.1:\d+: the connection was refused/,
	);
	expect(lab.checkpoint()).toContain('"sysctl.vm.swappiness": "live: 33"');
});

test("destroy fails for it with a recovery hint, and forgets nothing of it", async () => {
	const destroyed = await lab.destroy();
	expect(destroyed.code).not.toBe(0);
	expect(destroyed.text).toMatch(
		/light-1: .*refused.*if the machine is gone for good, set `rollout: \{onDestroy: keep\}` for light-1 in the inventory, run `pulumi up`/,
	);
	for (const type of ["HostState", "HostReady", "Command"]) {
		expect(lab.checkpoint()).toMatch(new RegExp(`${type}::light-1`));
	}
});

test("the recovery hint works while the host is down", async () => {
	lab.declare({ tuning }, { "light-1": keep, "light-2": {} });
	await done(lab.up());
	lab.declare({ tuning }, { "light-2": {} });
	await done(lab.up());
	expect(lab.checkpoint()).not.toContain("::light-1");
	await done(lab.destroy());
	expect(diffTrees(before, lab.host("light-2").tree())).toEqual([]);
});
