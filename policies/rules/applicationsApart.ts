/** Two applications that are pinned to the same CPU delay each other. */
import { intersection } from "../../model/cpuSet";
import { applicationsOf, pinnedCpus } from "../applicationCpus";
import { isolatedCpus } from "../declaredTuning";
import type { HostRule } from "../rule";

export const applicationsApart: HostRule = {
	name: "applicationsApart",
	topic: "applications",
	scope: "host",
	severity: "mandatory",
	demand:
		"No two applications share an isolated CPU. Where no CPUs are isolated, no two share a pinned CPU",
	reason:
		"The tick of a CPU stops only while one task is runnable there. Of two real-time threads on one CPU, the one with the lower priority may never run",
	source: "Documentation/timers/no_hz.rst, ADAPTIVE TICKS",
	judge: (host) => {
		const isolated = isolatedCpus(host);
		const own = applicationsOf(host).map(([name, application]) => {
			const cpus = pinnedCpus(application);
			return {
				name,
				cpus: isolated === "" ? cpus : intersection(cpus, isolated),
			};
		});
		return own.flatMap(({ name, cpus }, index) =>
			own.slice(0, index).flatMap((earlier) => {
				const shared = intersection(cpus, earlier.cpus);
				return shared === ""
					? []
					: [
							{
								host: host.name,
								path: `applications.${name}`,
								wrong: `is pinned to CPUs ${shared}, as ${earlier.name} is`,
								right: "give each application its own CPUs",
							},
						];
			}),
		);
	},
};
