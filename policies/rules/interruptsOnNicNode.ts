/** The interrupts of a NIC belong on its own NUMA node. */
import { type CpuSet, difference } from "../../model/cpuSet";
import { nicCpus } from "../cpus";
import type { HostRule } from "../rule";

export const interruptsOnNicNode: HostRule = {
	name: "interruptsOnNicNode",
	topic: "interrupts",
	scope: "host",
	severity: "mandatory",
	needsTopology: true,
	demand: "A NIC's interrupts are served on its own NUMA node",
	reason:
		"The NIC writes packets into the caches and memory of its own node. A CPU of another node fetches each packet over the socket link",
	source: "Documentation/networking/scaling.rst, RSS IRQ Configuration",
	judge: (host) =>
		Object.entries(nicCpus(host)).flatMap(([nic, cpus]) => {
			const index = host.topology?.nics?.[nic]?.numaNode;
			const node = host.topology?.numaNodes[index ?? -1];
			const far = node && difference(cpus, node.cpus as CpuSet);
			if (node === undefined || far === undefined || far === "") return [];
			return [
				{
					host: host.name,
					path: `tuning.irqAffinity.${nic}`,
					wrong: `${cpus} contains CPUs ${far}, which are not on node ${index}, the node of ${nic}`,
					right: `choose from ${node.cpus}`,
				},
			];
		}),
};
