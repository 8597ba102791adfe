/** Huge pages on another NUMA node are slow, or not usable at all. */
import { applicationsOf, hugePageNodes } from "../applicationCpus";
import { nodePagesGiB } from "../hugePages";
import type { HostRule } from "../rule";

export const hugePagesOnCpuNode: HostRule = {
	name: "hugePagesOnCpuNode",
	topic: "memory",
	scope: "host",
	severity: "mandatory",
	needsTopology: true,
	demand:
		"An application that maps huge pages finds them on the nodes of its membind, or else on the nodes of its CPUs",
	reason:
		"The kernel uses the pool of another node without a message. A program that is bound to its own nodes cannot use that pool",
	source: "Documentation/admin-guide/mm/hugetlbpage.rst, per node attributes",
	judge: (host) => {
		const { topology } = host;
		if (topology === undefined) return [];
		const has = nodePagesGiB(host, topology);
		if (has.every((size) => size === 0)) return [];
		return applicationsOf(host)
			.filter(([, { hugetlbfs }]) => hugetlbfs === true)
			.flatMap(([name, application]) =>
				hugePageNodes(application, topology)
					.filter((node) => (has[node] ?? 0) === 0)
					.map((node) => ({
						host: host.name,
						path: "tuning.hugePages",
						wrong: `${name} maps huge pages of node ${node}, which has none`,
						right: `declare node${node}, or move ${name} to a node with huge pages`,
					})),
			);
	},
};
