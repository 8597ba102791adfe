/** Huge pages on the other socket are there, and far away. */
import { applicationsOf, hugePageNodes } from "../applications";
import { nodePagesGiB } from "../hugePages";
import type { HostRule } from "../rule";

export const hugePagesOnCpuNode: HostRule = {
	name: "hugePagesOnCpuNode",
	topic: "memory",
	scope: "host",
	severity: "mandatory",
	needsTopology: true,
	demand:
		"an application that maps huge pages finds them on the nodes its memory is bound to, or else on its CPUs' nodes",
	reason:
		"a pool of another node is used all the same, or is out of bounds for a program that is bound to its own",
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
						right: `declare node${node}, or move ${name} to where they are`,
					})),
			);
	},
};
