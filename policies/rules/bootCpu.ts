/** The kernel boots on CPU 0 and keeps time there. */
import { cpuNumbers, cpuSetOf, difference } from "../../model/cpuSet";
import { parameterCpus, parameterPath } from "../declaredTuning";
import type { HostRule } from "../rule";

export const bootCpu: HostRule = {
	name: "bootCpu",
	topic: "cpu",
	scope: "host",
	severity: "mandatory",
	demand: "CPU 0 is in neither isolcpus nor nohz_full",
	reason:
		"The kernel boots on CPU 0 and keeps timekeeping and unmovable work there. It removes the boot CPU from nohz_full by itself and reports that only in its log",
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
					right: rest === "" ? "remove the parameter" : `write ${rest}`,
				},
			];
		}),
};
