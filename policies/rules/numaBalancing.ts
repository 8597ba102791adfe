/** Page faults that the kernel makes on purpose. */
import type { HostSpec } from "../../model/hostSpec";
import { applicationsOf } from "../applications";
import type { HostRule } from "../rule";
import { isolatedCpus, parameterOf, sysctlOf, tuningOf } from "../tuning";

/** Everything that is said of it, by all three ways. */
function said(host: HostSpec): readonly ("on" | "off")[] {
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
		"NUMA balancing is off where CPUs of several nodes are isolated, and not on where applications are bound",
	reason:
		"the kernel unmaps pages to learn who uses them: a fault for each, and a copy when it moves one that was placed by hand",
	source: "Documentation/admin-guide/sysctl/kernel.rst, numa_balancing",
	judge: (host) => {
		const isIsolated = isolatedCpus(host) !== "";
		const nodes = host.topology?.numaNodes.length ?? 1;
		const isBound = applicationsOf(host).some(([, each]) => each.numactl);
		const words = said(host);
		// On one node there is nothing to balance, and what is bound stays.
		const isWrong =
			words.length > 0
				? words.includes("on") && (isIsolated || isBound)
				: isIsolated && nodes > 1;
		return isWrong
			? [
					{
						host: host.name,
						path: "tuning.memory.numaBalancing",
						wrong: `is ${words.length > 0 ? "on" : "not declared"}, though pages and CPUs are placed by hand`,
						right: "write off",
					},
				]
			: [];
	},
};
