/** A CPU that is not there cannot be isolated, and nobody says so. */
import { difference } from "../../inventory/cpuSet";
import { allCpus, everyCpuList } from "../cpus";
import type { HostRule } from "../rule";

export const cpusExist: HostRule = {
	name: "cpusExist",
	topic: "cpu",
	scope: "host",
	severity: "mandatory",
	needsTopology: true,
	demand: "CPU lists name CPUs of the topology only",
	reason:
		"the kernel ignores CPUs in isolcpus that it does not have, and refuses masks without any it has; a list for another machine then isolates half of what was meant",
	source: "Documentation/admin-guide/kernel-parameters.rst, cpu lists",
	judge: (host) => {
		const { topology } = host;
		if (topology === undefined) return [];
		const all = allCpus(topology);
		return everyCpuList(host).flatMap(({ path, cpus }) => {
			const beyond = difference(cpus, all);
			return beyond === ""
				? []
				: [
						{
							host: host.name,
							path,
							wrong: `${cpus} names CPUs ${beyond} that the topology does not have`,
							right: `choose from ${all}, or correct the topology`,
						},
					];
		});
	},
};
