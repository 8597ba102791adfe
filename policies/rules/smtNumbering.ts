/** Where second threads go off, half of the CPU numbers go with them. */
import { difference, intersection } from "../../model/cpuSet";
import { allCpus, everyCpuList, firstThreads, isSmtOff } from "../cpus";
import type { HostRule } from "../rule";

export const smtNumbering: HostRule = {
	name: "smtNumbering",
	topic: "cpu",
	scope: "host",
	severity: "mandatory",
	needsTopology: true,
	demand: "with SMT off, CPU lists name first threads of cores only",
	reason:
		"second threads are offline then: what is pinned there is refused or moved, and a list computed before SMT went off names fewer CPUs than were meant",
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
							wrong: `${cpus} names CPUs ${lost} that are offline with SMT off`,
							right: `choose from ${stay}`,
						},
					];
		});
	},
};
