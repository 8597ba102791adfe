/** Settings for a NUMA node that does not exist have no effect. */
import { applicationsOf, nodeNumbers } from "../applicationCpus";
import { pageRequests } from "../hugePages";
import type { HostRule } from "../rule";

export const nodesExist: HostRule = {
	name: "nodesExist",
	topic: "memory",
	scope: "host",
	severity: "mandatory",
	needsTopology: true,
	demand: "Huge pages, NICs and applications name only nodes of the topology",
	reason:
		"The kernel ignores an invalid node in hugepages= without a message. numactl does not start a program that is bound to one",
	source: "Documentation/admin-guide/mm/hugetlbpage.rst, hugepages",
	judge: (host) => {
		const { topology } = host;
		if (topology === undefined) return [];
		const last = topology.numaNodes.length - 1;
		const named = [
			...pageRequests(host).map(
				({ path, pages }) =>
					[path, typeof pages === "number" ? [] : [...pages.keys()]] as const,
			),
			...Object.entries(topology.nics ?? {}).map(
				([nic, { numaNode }]) =>
					[`topology.nics.${nic}.numaNode`, [numaNode]] as const,
			),
			...applicationsOf(host).flatMap(([name, { numactl }]) =>
				(["cpunodebind", "membind", "interleave"] as const).map(
					(key) =>
						[
							`applications.${name}.numactl.${key}`,
							nodeNumbers(numactl?.[key]),
						] as const,
				),
			),
		];
		return named.flatMap(([path, nodes]) =>
			nodes
				.filter((node) => node > last)
				.map((node) => ({
					host: host.name,
					path,
					wrong: `names node ${node}, but the last node of the topology is node ${last}`,
					right: `choose from 0 to ${last}, or correct the topology`,
				})),
		);
	},
};
