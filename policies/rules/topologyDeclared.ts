/** What nobody described cannot be judged, and that must not look like a pass. */
import type { HostRule } from "../rule";
import { tuningOf } from "../tuning";

export const topologyDeclared: HostRule = {
	name: "topologyDeclared",
	topic: "cpu",
	scope: "host",
	severity: "advisory",
	demand: "the machine's topology is described, with every NIC that is tuned",
	reason:
		"without it the rules about nodes, threads, memory and NICs are silent: this host was not judged by them",
	source: "lscpu(1), numactl(8) --hardware, ethtool(8) -l and -g",
	judge: (host) => {
		const { topology } = host;
		if (topology === undefined) {
			return [
				{
					host: host.name,
					path: "topology",
					wrong:
						"is not declared, so rules about nodes, threads, memory and NICs could not judge this host",
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
				wrong: `does not describe ${nic}, so rules about NICs could not judge it`,
				right: `declare ${nic} with its numaNode, maxCombined and maxRing`,
			}));
	},
};
