/**
 * A host that has lost the host program, or has another in its place, has lost
 * nothing else: destroy reverts it all the same.
 */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { programPath } from "../../host/assemble";
import { diffTrees, type TreeSnapshot } from "../support/tree";
import { done, type EngineLab, startEngineLab } from "./lab";

jest.setTimeout(120_000);

let lab: EngineLab;
let before: readonly TreeSnapshot[];

beforeAll(async () => {
	lab = await startEngineLab({ count: 2 });
	before = lab.hosts.map((host) => host.tree());
	lab.declare({
		tuning: {
			sysctl: { "vm.swappiness": 7 },
			memory: { transparentHugePages: "never" },
		},
	});
	await done(lab.up());
});
afterAll(() => lab?.remove());

test("destroy reverts hosts without the program, and with another", async () => {
	rmSync(join(lab.host("light-1").root, programPath));
	writeFileSync(
		join(lab.host("light-2").root, programPath),
		"#!/bin/sh\nexit 0\n",
	);
	await done(lab.destroy());
	for (const [index, host] of lab.hosts.entries()) {
		expect(diffTrees(before[index] ?? new Map(), host.tree())).toEqual([]);
	}
});

test("a host that metaltune was never on is reverted by doing nothing", async () => {
	await done(lab.up());
	for (const { root } of lab.hosts) {
		for (const path of ["etc/metaltune", "var/lib/metaltune", programPath]) {
			rmSync(join(root, path), { recursive: true });
		}
		rmSync(join(root, "etc/systemd/system/metaltune.service"));
	}
	await done(lab.destroy());
});
