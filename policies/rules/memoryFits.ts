/** Huge pages reduce the memory that their node has for everything else. */

import type { HostSpec } from "../../model/hostSpec";
import { applicationsOf, memoryNodes } from "../applicationCpus";
import { largestRequest, nodePagesGiB } from "../hugePages";
import type { Finding, HostRule, Option } from "../rule";

function found(
	host: HostSpec,
	place: string,
	sizes: {
		readonly pages: number;
		readonly programs: number;
		readonly reserve: number;
		readonly has: number;
	},
): readonly Finding[] {
	const { pages, programs, reserve, has } = sizes;
	if (pages + programs + reserve <= has || pages + programs === 0) return [];
	return [
		{
			host: host.name,
			path: (pages > 0 && largestRequest(host)?.path) || "applications",
			wrong: `${place} has ${has} GiB, but huge pages take ${pages} GiB, applications ${programs} GiB and the reserve ${reserve} GiB`,
			right: `declare at most ${Math.max(0, has - programs - reserve)} GiB of huge pages there`,
		},
	];
}

export const memoryFits: HostRule<{ readonly reserveGiB: Option<number> }> = {
	name: "memoryFits",
	topic: "memory",
	scope: "host",
	severity: "mandatory",
	needsTopology: true,
	demand:
		"Huge pages, the other memory of applications and a reserve fit into the memory of each node",
	reason:
		"The kernel allocates as many huge pages as it can and reports success. At boot, too many 1G pages leave a node without memory for anything else",
	source: "Documentation/admin-guide/mm/hugetlbpage.rst",
	options: {
		reserveGiB: {
			description: "GiB of each node for the kernel and all other processes",
			default: 2,
		},
	},
	judge: (host, { options: { reserveGiB: reserve } }) => {
		const { topology } = host;
		if (topology === undefined) return [];
		const applications = applicationsOf(host).map(([, each]) => each);
		const pages = nodePagesGiB(host, topology);
		const nodes = topology.numaNodes.map(({ memoryGiB: has }, index) => {
			const programs = applications
				.map(
					(each) => [each.memoryGiB ?? 0, memoryNodes(each, topology)] as const,
				)
				.filter(([, own]) => own.includes(index))
				.reduce((sum, [size, own]) => sum + size / own.length, 0);
			return { pages: pages[index] ?? 0, programs, reserve, has };
		});
		const sum = (of: (node: (typeof nodes)[number]) => number) =>
			nodes.reduce((total, node) => total + of(node), 0);
		const single = nodes.flatMap((sizes, index) =>
			found(host, `node ${index}`, sizes),
		);
		if (single.length > 0) return single;
		return found(host, "the machine", {
			pages: sum((node) => node.pages),
			programs: applications.reduce((n, each) => n + (each.memoryGiB ?? 0), 0),
			reserve: sum((node) => node.reserve),
			has: sum(({ has }) => has),
		});
	},
};
