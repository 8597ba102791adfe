/** Rules that need a topology cannot judge a host without one. */

import { tuningOf } from "../declaredTuning";
import type { HostRule } from "../rule";

export const topologyDeclared: HostRule = {
	name: "topologyDeclared",
	topic: "cpu",
	scope: "host",
	severity: "advisory",
	demand: "The topology of the machine is declared, with every tuned NIC",
	reason:
		"Without it, the rules about nodes, threads, memory and NICs find nothing, as if the host had passed them",
	source: "lscpu(1), numactl(8) --hardware, ethtool(8) -l and -g",
	judge: (host) => {
		const { topology } = host;
		if (topology === undefined) {
			return [
				{
					host: host.name,
					path: "topology",
					wrong:
						"is not declared, so rules about nodes, threads, memory and NICs cannot judge this host",
					right: "declare threadsPerCore, numaNodes and nics",
				},
			];
		}
		const { ethtool, irqAffinity, receiveScaling, xdp } = tuningOf(host);
		const tuned = {
			...ethtool,
			...irqAffinity?.nics,
			...receiveScaling,
			...xdp,
		};
		return Object.keys(tuned)
			.filter((nic) => !Object.hasOwn(topology.nics ?? {}, nic))
			.map((nic) => ({
				host: host.name,
				path: "topology.nics",
				wrong: `does not describe ${nic}, so rules about NICs cannot judge it`,
				right: `declare ${nic} with its numaNode, maxCombined and maxRing`,
			}));
	},
};
