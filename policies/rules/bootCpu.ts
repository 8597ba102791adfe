/** The kernel boots, and keeps time, on CPU 0. */
import { cpuNumbers, cpuSetOf, difference } from "../../model/cpuSet";
import type { HostRule } from "../rule";
import { parameterCpus, parameterPath } from "../tuning";

export const bootCpu: HostRule = {
	name: "bootCpu",
	topic: "cpu",
	scope: "host",
	severity: "mandatory",
	demand: "CPU 0 is neither isolated nor without a tick",
	reason:
		"the kernel boots on CPU 0 and leaves it timekeeping and work that cannot move; it takes the boot CPU out of nohz_full by itself and says so in its log only",
	source: "Documentation/timers/no_hz.rst, ADAPTIVE TICKS",
	judge: (host) =>
		(["isolcpus", "nohz_full"] as const).flatMap((name) => {
			const cpus = parameterCpus(host, name);
			if (cpus === undefined || !cpuNumbers(cpus).includes(0)) return [];
			const rest = difference(cpus, cpuSetOf([0]));
			return [
				{
					host: host.name,
					path: parameterPath(host, name),
					wrong: `${cpus} contains CPU 0, on which the kernel boots`,
					right:
						rest === ""
							? "leave the parameter out on a machine of one CPU"
							: `write ${rest}`,
				},
			];
		}),
};
