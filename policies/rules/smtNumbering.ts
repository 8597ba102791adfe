/** With SMT off, the second threads of all cores are offline. */
import { difference, intersection } from "../../model/cpuSet";
import { allCpus, everyCpuList, firstThreads, isSmtOff } from "../cpus";
import type { HostRule } from "../rule";

export const smtNumbering: HostRule = {
	name: "smtNumbering",
	topic: "cpu",
	scope: "host",
	severity: "mandatory",
	needsTopology: true,
	demand: "With SMT off, CPU lists contain only the first thread of each core",
	reason:
		"Second threads are then offline, and a task that is pinned to one is refused or moved. A list that was made with SMT on has fewer usable CPUs than intended",
	source: "Documentation/ABI/testing/sysfs-devices-system-cpu, smt/control",
	judge: (host) => {
		const { topology } = host;
		if (topology === undefined || !isSmtOff(host)) return [];
		const stay = firstThreads(topology);
		const gone = difference(allCpus(topology), stay);
		return everyCpuList(host).flatMap(({ path, cpus }) => {
			const lost = intersection(cpus, gone);
			return lost === ""
				? []
				: [
						{
							host: host.name,
							path,
							wrong: `${cpus} contains CPUs ${lost}, which are offline with SMT off`,
							right: `choose from ${stay}`,
						},
					];
		});
	},
};
