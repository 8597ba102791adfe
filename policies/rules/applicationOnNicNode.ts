/** An application that reads packets belongs on the NUMA node of its NIC. */
import { applicationsOf, cpuNodes } from "../applicationCpus";
import { tuningOf } from "../declaredTuning";
import type { HostRule } from "../rule";

export const applicationOnNicNode: HostRule = {
	name: "applicationOnNicNode",
	topic: "memory",
	scope: "host",
	severity: "mandatory",
	needsTopology: true,
	demand:
		"An application that busy-polls or is bound to memory nodes runs on the node of a tuned NIC",
	reason:
		"A packet that arrives on another node crosses the socket link before the application reads it",
	source:
		"Documentation/networking/scaling.rst; Documentation/networking/napi.rst, Busy polling",
	judge: (host) => {
		const { topology } = host;
		if (topology === undefined) return [];
		const { ethtool, irqAffinity, xdp } = tuningOf(host);
		const tuned = Object.keys({ ...ethtool, ...irqAffinity?.nics, ...xdp });
		const nodes = tuned.flatMap((nic) => {
			const node = topology.nics?.[nic]?.numaNode;
			return node === undefined ? [] : [[nic, node] as const];
		});
		if (nodes.length === 0) return [];
		return applicationsOf(host).flatMap(([name, application]) => {
			const own = cpuNodes(application, topology);
			const isNear = nodes.some(([, node]) => own.includes(node));
			const isMeant =
				application.busyPoll === true ||
				application.numactl?.membind !== undefined;
			if (own.length === 0 || isNear || !isMeant) return [];
			return [
				{
					host: host.name,
					path: `applications.${name}`,
					wrong: `runs on node ${own.join()}, but ${nodes.map(([nic, node]) => `${nic} is on node ${node}`).join(", ")}`,
					right: `run it on node ${nodes[0]?.[1]}, or declare the NIC that it uses`,
				},
			];
		});
	},
};
