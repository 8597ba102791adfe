/** Somebody has to do the kernel's work on every node. */
import {
	type CpuSet,
	cpuNumbers,
	difference,
	intersection,
} from "../../model/cpuSet";
import { usableCpus } from "../cpus";
import type { HostRule, Option } from "../rule";
import { isolatedCpus, parameterOf, parameterPath } from "../tuning";

export const housekeepingCpus: HostRule<{
	readonly minimumPerNode: Option<number>;
}> = {
	name: "housekeepingCpus",
	topic: "cpu",
	scope: "host",
	severity: "mandatory",
	needsTopology: true,
	demand: "every NUMA node keeps CPUs for the kernel's own work",
	reason:
		"timers, RCU callbacks, unbound work and interrupts of isolated CPUs move to the others; on a node without any they cross the socket link, and without any at all the machine does not make progress",
	source: "Documentation/admin-guide/cpu-isolation.rst",
	options: {
		minimumPerNode: {
			description:
				"CPUs of each NUMA node that are neither isolated nor tickless",
			default: 1,
		},
	},
	judge: (host, { options: { minimumPerNode } }) => {
		const { topology } = host;
		const isolated = isolatedCpus(host);
		if (topology === undefined || isolated === "") return [];
		const usable = usableCpus(host, topology);
		const name =
			parameterOf(host, "isolcpus") === undefined ? "nohz_full" : "isolcpus";
		return topology.numaNodes.flatMap(({ cpus }, node) => {
			const own = intersection(cpus as CpuSet, usable);
			const left = difference(own, isolated);
			const missing = minimumPerNode - cpuNumbers(left).length;
			// Nodes with memory only have nobody to keep.
			if (own === "" || missing <= 0) return [];
			return [
				{
					host: host.name,
					path: parameterPath(host, name),
					wrong: `leaves ${left === "" ? "no CPU" : `only ${left}`} of node ${node} (${own}) to the kernel`,
					right: `keep at least ${minimumPerNode} CPU${minimumPerNode === 1 ? "" : "s"} of each node out of it`,
				},
			];
		});
	},
};
