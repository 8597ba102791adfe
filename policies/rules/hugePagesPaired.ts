/** The order of parameters decides which size a number of pages is of. */
import type { HostRule } from "../rule";
import { parameterOf, parameterPath } from "../tuning";

export const hugePagesPaired: HostRule = {
	name: "hugePagesPaired",
	topic: "memory",
	scope: "host",
	severity: "mandatory",
	demand:
		"pages of another size than the default one are declared as tuning.hugePages",
	reason:
		"parameters are written in the order of their names, so hugepages= comes before hugepagesz= and asks for pages of the default size: 8 pages of 2M where 8 of 1G were meant",
	source: "Documentation/admin-guide/mm/hugetlbpage.rst, hugepagesz",
	judge: (host) => {
		const size = parameterOf(host, "hugepagesz");
		if (size === undefined) return [];
		const pages = parameterOf(host, "hugepages");
		return [
			{
				host: host.name,
				path: parameterPath(host, "hugepagesz"),
				wrong:
					pages === undefined
						? `is ${size}, and no page of that size is asked for`
						: `is ${size}, but hugepages (${pages}) is written before it and counts for the default size`,
				right:
					"write tuning.hugePages, which pairs them, or default_hugepagesz for the default size",
			},
		];
	},
};
