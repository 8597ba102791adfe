/** One CPU that is not there takes the whole list with it. */
import { difference } from "../../model/cpuSet";
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
		"a list in isolcpus or nohz_full that goes beyond nr_cpu_ids does not parse: the kernel drops the whole parameter, and a list for another machine isolates nothing; masks without any CPU it has are refused",
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
