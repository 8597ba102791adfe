/** An application that is pinned to shared CPUs is not isolated. */
import { difference, intersection } from "../../model/cpuSet";
import { applicationLists } from "../cpus";
import { isolatedCpus } from "../declaredTuning";
import type { HostRule } from "../rule";

export const applicationCpusIsolated: HostRule = {
	name: "applicationCpusIsolated",
	topic: "applications",
	scope: "host",
	severity: "mandatory",
	demand:
		"Where CPUs are isolated, applications are pinned to isolated CPUs only. A named thread may instead be pinned to other CPUs only",
	reason:
		"The scheduler does not balance isolated CPUs. With a mixed list, threads stay on the CPU where they started, and some of these CPUs run other tasks too",
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
							wrong: `${cpus} contains CPUs ${shared}, which are not isolated`,
							right: `choose from ${isolated}`,
						},
					];
		});
	},
};
