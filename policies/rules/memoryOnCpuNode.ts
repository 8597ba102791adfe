/** Memory of another socket takes about one and a half times as long to reach. */
import { applicationsOf, cpuNodes, nodeNumbers } from "../applicationCpus";
import type { HostRule } from "../rule";

export const memoryOnCpuNode: HostRule = {
	name: "memoryOnCpuNode",
	topic: "memory",
	scope: "host",
	severity: "mandatory",
	needsTopology: true,
	demand: "The memory and the CPUs of an application are on the same nodes",
	reason:
		"Otherwise each cache miss crosses the socket link. numactl does not start a program if its nodes contain none of its CPUs",
	source: "Documentation/admin-guide/mm/numa_memory_policy.rst",
	judge: (host) => {
		const { topology } = host;
		if (topology === undefined) return [];
		return applicationsOf(host).flatMap(([name, application]) => {
			const cpus = cpuNodes(application, topology).join();
			if (cpus === "") return [];
			const { cpunodebind, membind, preferred } = application.numactl ?? {};
			const bound = [
				["cpunodebind", nodeNumbers(cpunodebind).join()],
				["membind", nodeNumbers(membind).join()],
				["preferred", preferred === undefined ? "" : String(preferred)],
			] as const;
			return bound
				.filter(([, nodes]) => nodes !== "" && nodes !== cpus)
				.map(([key, nodes]) => ({
					host: host.name,
					path: `applications.${name}.numactl.${key}`,
					wrong: `is node ${nodes}, but its CPUs are on node ${cpus}`,
					right: `write ${cpus}, or pin it to CPUs of node ${nodes}`,
				}));
		});
	},
};
