/** Huge pages nobody asked for stall whoever allocates. */
import type { HostRule } from "../rule";
import { isolatedCpus, parameterOf, tuningOf } from "../tuning";

export const transparentHugePages: HostRule = {
	name: "transparentHugePages",
	topic: "memory",
	scope: "host",
	severity: "mandatory",
	demand:
		"where CPUs are isolated, transparent huge pages are never or madvise, and the command line does not say otherwise",
	reason:
		"with always, page faults compact memory and khugepaged locks address spaces, at times nobody chose",
	source: "Documentation/admin-guide/mm/transhuge.rst",
	judge: (host) => {
		const path = "tuning.memory.transparentHugePages";
		const declared = tuningOf(host).memory?.transparentHugePages;
		const booted = parameterOf(host, "transparent_hugepage");
		const effective = declared ?? booted;
		if (
			isolatedCpus(host) !== "" &&
			(effective === undefined || effective === "always")
		) {
			return [
				{
					host: host.name,
					path,
					wrong: `is ${effective ?? "not declared"}, though CPUs are isolated`,
					right: "write never, or madvise where the application asks for them",
				},
			];
		}
		return booted === undefined || declared === undefined || booted === declared
			? []
			: [
					{
						host: host.name,
						path,
						wrong: `is ${declared}, but transparent_hugepage=${booted} is on the command line`,
						right: "keep one of the two",
					},
				];
	},
};
