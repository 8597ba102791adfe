/** What an inventory says beside what is deployed: found, and nothing else. */

import type { HostSpec } from "../../../model/hostSpec";
import { stackTargets } from "../../../observe/drift/fromStack";
import {
	type Change,
	undeployedChanges,
} from "../../../observe/drift/undeployed";
import { hostsWith, type Sections } from "../../policies/policyHosts";
import { exportOf } from "./stackExport";

const [deployed] = hostsWith({});

/** What the first host's stack has not deployed of its new description. */
function changesTo(spec: HostSpec | undefined, of: HostSpec | undefined) {
	if (spec === undefined || of === undefined) {
		throw new Error("expected a host");
	}
	const [target] = stackTargets(exportOf([of]), "[]");
	if (target === undefined) throw new Error("expected a target");
	return undeployedChanges(target, spec);
}

function changed(change: Sections) {
	return changesTo(hostsWith(change)[0], deployed);
}

test("the description that is deployed has nothing undeployed", () => {
	expect(changesTo(deployed, deployed)).toEqual([]);
});

const cases: readonly (readonly [Sections, readonly Change[]])[] = [
	[
		{ tuning: { sysctl: { "vm.swappiness": 9, "vm.max_map_count": 70000 } } },
		[
			{ key: "sysctl.vm.max_map_count", after: "70000" },
			{ key: "sysctl.vm.swappiness", after: "9" },
		],
	],
	[
		{ tuning: { sysctl: { "net.core.rmem_max": 1 } } },
		[
			{
				key: "sysctl.net.core.rmem_max",
				before: ">= 134217728",
				after: "1",
			},
		],
	],
	[{ tuning: { workqueue: null } }, [{ key: "workqueue.cpus", before: "0-3" }]],
	[
		{ rollout: { reboot: "manual" }, connection: { port: 2222 } },
		[
			{ key: "connection.port", before: "22", after: "2222" },
			{ key: "rollout.reboot", before: "auto", after: "manual" },
		],
	],
	[
		{ applications: { engine: { nice: -5 } } },
		[
			{
				key: "applications.engine.release",
				before: expect.stringMatching(/^[0-9a-f]{64}$/),
				after: expect.stringMatching(/^[0-9a-f]{64}$/),
			},
			{ key: "applications.engine.nice", after: "-5" },
		],
	],
	[{ topology: { siblings: "adjacent" } }, []],
];

test.each(cases)("%j", (change, changes) => {
	const found = changed(change).filter(
		// The unit is a text of many lines, and follows the others.
		({ key }) => key !== "applications.engine.unit",
	);
	expect(found).toHaveLength(changes.length);
	expect(found).toEqual(expect.arrayContaining(changes));
});

test("another host program is not deployed either", () => {
	if (deployed === undefined) throw new Error("expected a host");
	const old = exportOf([deployed]).replaceAll(
		/("program":)"[0-9a-f]{64}"/g,
		'$1"old"',
	);
	const [target] = stackTargets(old, "[]");
	if (target === undefined) throw new Error("expected a target");
	expect(undeployedChanges(target, deployed)).toMatchObject([
		{ key: "metaltune.program", before: "old" },
	]);
});

test("drift that a refresh has recorded is no change of the inventory", () => {
	if (deployed === undefined) throw new Error("expected a host");
	const state = JSON.parse(exportOf([deployed]));
	const { outputs } = state.deployment.resources[1];
	const key = "sysctl.net.core.rmem_max";
	outputs.declared = { [key]: outputs.settings[key] };
	outputs.settings[key] = "live: 1";
	const [target] = stackTargets(JSON.stringify(state), "[]");
	if (target === undefined) throw new Error("expected a target");
	expect(undeployedChanges(target, deployed)).toEqual([]);
});
