/** The kernel ignores a whole CPU list if one CPU of it does not exist. */
import { difference } from "../../model/cpuSet";
import { allCpus, everyCpuList } from "../cpus";
import type { HostRule } from "../rule";

export const cpusExist: HostRule = {
	name: "cpusExist",
	topic: "cpu",
	scope: "host",
	severity: "mandatory",
	needsTopology: true,
	demand: "CPU lists contain only CPUs of the topology",
	reason:
		"The kernel does not parse a list in isolcpus or nohz_full that goes beyond nr_cpu_ids. It drops the whole parameter and isolates nothing. It also refuses a mask without any existing CPU",
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
							wrong: `${cpus} contains CPUs ${beyond}, which the topology does not have`,
							right: `choose from ${all}, or correct the topology`,
						},
					];
		});
	},
};
