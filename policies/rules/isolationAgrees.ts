/** isolcpus, nohz_full and rcu_nocbs must name the same CPUs. */

import {
	isolationParameters,
	parameterCpus,
	parameterPath,
} from "../declaredTuning";
import type { HostRule } from "../rule";

export const isolationAgrees: HostRule = {
	name: "isolationAgrees",
	topic: "cpu",
	scope: "host",
	severity: "mandatory",
	demand: "isolcpus, nohz_full and rcu_nocbs name the same CPUs",
	reason:
		"The scheduler still balances a CPU that is only in nohz_full, and a second task brings the tick back. RCU callbacks interrupt applications on a CPU that is not in rcu_nocbs",
	source:
		"Documentation/admin-guide/kernel-parameters.txt; Documentation/timers/no_hz.rst",
	judge: (host) => {
		const lists = isolationParameters.map(
			(name) => [name, parameterCpus(host, name)] as const,
		);
		const [first] = lists.filter(([, cpus]) => cpus !== undefined);
		if (first === undefined) return [];
		const [meant, wanted] = first;
		return lists
			.filter(([, cpus]) => cpus !== wanted)
			.map(([name, cpus]) => ({
				host: host.name,
				path: parameterPath(host, name),
				wrong: `is ${cpus ?? "absent"}, but ${meant} is ${wanted}`,
				right: `write ${name}: ${wanted}`,
			}));
	},
};
