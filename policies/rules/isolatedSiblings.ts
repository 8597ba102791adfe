/** The threads of one core share its caches and execution units. */
import { cpuNumbers, difference, intersection } from "../../model/cpuSet";
import { allCpus, isSmtOff, siblingsOf, unionOf } from "../cpus";
import { isolatedCpus, parameterOf, parameterPath } from "../declaredTuning";
import type { HostRule } from "../rule";

export const isolatedSiblings: HostRule = {
	name: "isolatedSiblings",
	topic: "cpu",
	scope: "host",
	severity: "mandatory",
	needsTopology: true,
	demand: "The siblings of isolated CPUs are isolated too, or SMT is off",
	reason:
		"A busy sibling uses the caches and execution units of the core, whatever the scheduler does",
	source: "Documentation/admin-guide/cputopology.rst, thread_siblings_list",
	judge: (host) => {
		const { topology } = host;
		if (topology === undefined || isSmtOff(host)) return [];
		// Other CPUs have no siblings; the rule cpusExist reports them.
		const isolated = intersection(isolatedCpus(host), allCpus(topology));
		const cores = cpuNumbers(isolated).map((cpu) => siblingsOf(topology, cpu));
		const shared = difference(unionOf(cores), isolated);
		if (shared === "") return [];
		const name =
			parameterOf(host, "isolcpus") === undefined ? "nohz_full" : "isolcpus";
		return [
			{
				host: host.name,
				path: parameterPath(host, name),
				wrong: `${isolated} leaves out CPUs ${shared}, which are threads of the same cores`,
				right: `write ${unionOf(cores)}, or tuning.smt: off`,
			},
		];
	},
};
