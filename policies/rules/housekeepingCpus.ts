/** Every NUMA node needs CPUs for the kernel's own work. */
import {
	type CpuSet,
	cpuNumbers,
	difference,
	intersection,
} from "../../model/cpuSet";
import { usableCpus } from "../cpus";
import { isolatedCpus, parameterOf, parameterPath } from "../declaredTuning";
import type { HostRule, Option } from "../rule";

export const housekeepingCpus: HostRule<{
	readonly minimumPerNode: Option<number>;
}> = {
	name: "housekeepingCpus",
	topic: "cpu",
	scope: "host",
	severity: "mandatory",
	needsTopology: true,
	demand: "Every NUMA node keeps housekeeping CPUs",
	reason:
		"Timers, RCU callbacks, unbound work and interrupts move from isolated CPUs to housekeeping CPUs. On a node without any, they cross the socket link. A machine without any makes no progress",
	source: "Documentation/admin-guide/cpu-isolation.rst",
	options: {
		minimumPerNode: {
			description:
				"Housekeeping CPUs of each NUMA node, which are in neither isolcpus nor nohz_full",
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
			// A node with memory only has no CPU to keep.
			if (own === "" || missing <= 0) return [];
			return [
				{
					host: host.name,
					path: parameterPath(host, name),
					wrong: `leaves ${left === "" ? "no CPU" : `only ${left}`} of node ${node} (${own}) to the kernel`,
					right: `leave at least ${minimumPerNode} CPU${minimumPerNode === 1 ? "" : "s"} of each node out of the list`,
				},
			];
		});
	},
};
