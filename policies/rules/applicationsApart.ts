/** Two applications on one CPU wait for each other. */
import { intersection } from "../../model/cpuSet";
import { applicationsOf, pinnedCpus } from "../applications";
import type { HostRule } from "../rule";
import { isolatedCpus } from "../tuning";

export const applicationsApart: HostRule = {
	name: "applicationsApart",
	topic: "applications",
	scope: "host",
	severity: "mandatory",
	demand: "applications do not share the CPUs that they have to themselves",
	reason:
		"a CPU without a tick has one runnable task or its tick back, and of two real-time ones the lower never runs",
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
								wrong: `is pinned to CPUs ${shared} as ${earlier.name} is`,
								right: "give each its own",
							},
						];
			}),
		);
	},
};
