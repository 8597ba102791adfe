/** NUMA balancing causes page faults to find out which CPU uses a page. */
import type { HostSpec } from "../../model/hostSpec";
import { applicationsOf } from "../applicationCpus";
import {
	isolatedCpus,
	parameterOf,
	sysctlOf,
	tuningOf,
} from "../declaredTuning";
import type { HostRule } from "../rule";

/** Every declared value, from all three places. */
function declaredValues(host: HostSpec): readonly ("on" | "off")[] {
	const key = sysctlOf(host, "kernel.numa_balancing");
	const parameter = parameterOf(host, "numa_balancing");
	const { numaBalancing } = tuningOf(host).memory ?? {};
	return [
		...(numaBalancing === undefined ? [] : [numaBalancing]),
		...(key === undefined ? [] : ([key === "0" ? "off" : "on"] as const)),
		...(parameter === undefined
			? []
			: ([parameter === "disable" ? "off" : "on"] as const)),
	];
}

export const numaBalancing: HostRule = {
	name: "numaBalancing",
	topic: "memory",
	scope: "host",
	severity: "mandatory",
	demand:
		"NUMA balancing is not on where CPUs are isolated or applications are bound to nodes. With several nodes and isolated CPUs it is declared off",
	reason:
		"The kernel unmaps pages to find out which CPU uses them. Each next access faults, and the kernel may move a page that was placed on purpose",
	source: "Documentation/admin-guide/sysctl/kernel.rst, numa_balancing",
	judge: (host) => {
		const isIsolated = isolatedCpus(host) !== "";
		const nodes = host.topology?.numaNodes.length ?? 1;
		const isBound = applicationsOf(host).some(([, each]) => each.numactl);
		const values = declaredValues(host);
		// With one node there is nothing to balance.
		const isWrong =
			values.length > 0
				? values.includes("on") && (isIsolated || isBound)
				: isIsolated && nodes > 1;
		return isWrong
			? [
					{
						host: host.name,
						path: "tuning.memory.numaBalancing",
						wrong: `is ${values.length > 0 ? "on" : "not declared"}, although CPUs are isolated or applications are bound to nodes`,
						right: "write off",
					},
				]
			: [];
	},
};
