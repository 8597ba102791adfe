/** Being pinned to a CPU that everybody uses is no isolation. */
import { difference, intersection } from "../../model/cpuSet";
import { applicationLists } from "../cpus";
import type { HostRule } from "../rule";
import { isolatedCpus } from "../tuning";

export const applicationCpusIsolated: HostRule = {
	name: "applicationCpusIsolated",
	topic: "applications",
	scope: "host",
	severity: "mandatory",
	demand:
		"where CPUs are isolated, applications are pinned to those; threads that are named may all be on others",
	reason:
		"the scheduler does not balance isolated CPUs: in a list that mixes them with others, threads stay wherever they were started, and the rest share a CPU with everybody",
	source: "Documentation/admin-guide/kernel-parameters.txt, isolcpus",
	judge: (host) => {
		const isolated = isolatedCpus(host);
		if (isolated === "") return [];
		return applicationLists(host).flatMap(({ path, cpus }) => {
			const shared = difference(cpus, isolated);
			const inside = intersection(cpus, isolated);
			const isAside = inside === "" && !path.endsWith(".taskset");
			return shared === "" || isAside
				? []
				: [
						{
							host: host.name,
							path,
							wrong: `${cpus} names CPUs ${shared} that are not isolated`,
							right: `choose from ${isolated}`,
						},
					];
		});
	},
};
