/** Settings for a NUMA node that does not exist have no effect. */
import type { HostSpec } from "../../model/hostSpec";
import type { Topology } from "../../model/topology";
import { applicationsOf, nodeNumbers } from "../applicationCpus";
import { pageRequests } from "../hugePages";
import type { Finding, HostRule } from "../rule";

/** numactl cannot run a program on the CPUs of a node that has none. */
function boundWithoutCpus(
	host: HostSpec,
	topology: Topology,
): readonly Finding[] {
	return applicationsOf(host).flatMap(([name, { numactl }]) =>
		nodeNumbers(numactl?.cpunodebind)
			.filter((node) => topology.numaNodes[node]?.cpus === "")
			.map((node) => ({
				host: host.name,
				path: `applications.${name}.numactl.cpunodebind`,
				wrong: `names node ${node}, which has memory only`,
				right: "choose a node with CPUs, or write membind for the memory",
			})),
	);
}

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
		const missing = named.flatMap(([path, nodes]) =>
			nodes
				.filter((node) => node > last)
				.map((node) => ({
					host: host.name,
					path,
					wrong: `names node ${node}, but the last node of the topology is node ${last}`,
					right: `choose from 0 to ${last}, or correct the topology`,
				})),
		);
		return [...missing, ...boundWithoutCpus(host, topology)];
	},
};
