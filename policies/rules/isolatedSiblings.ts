/** Two threads of one core share what isolation is for. */
import { cpuNumbers, difference, intersection } from "../../model/cpuSet";
import { allCpus, isSmtOff, siblingsOf, unionOf } from "../cpus";
import type { HostRule } from "../rule";
import { isolatedCpus, parameterOf, parameterPath } from "../tuning";

export const isolatedSiblings: HostRule = {
	name: "isolatedSiblings",
	topic: "cpu",
	scope: "host",
	severity: "mandatory",
	needsTopology: true,
	demand: "siblings of isolated CPUs are isolated too, or SMT is off",
	reason:
		"a busy sibling takes its share of the core's caches and execution units, whatever the scheduler does",
	source: "Documentation/admin-guide/cputopology.rst, thread_siblings_list",
	judge: (host) => {
		const { topology } = host;
		if (topology === undefined || isSmtOff(host)) return [];
		// CPUs that the topology does not have are cpusExist's, and have no siblings.
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
				wrong: `${isolated} leaves CPUs ${shared} of the same cores to everybody`,
				right: `write ${unionOf(cores)}, or tuning.smt: off`,
			},
		];
	},
};
