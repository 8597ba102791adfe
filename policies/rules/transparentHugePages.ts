/** With transparent huge pages set to always, page faults stall to compact memory. */

import { isolatedCpus, parameterOf, tuningOf } from "../declaredTuning";
import type { HostRule } from "../rule";

export const transparentHugePages: HostRule = {
	name: "transparentHugePages",
	topic: "memory",
	scope: "host",
	severity: "mandatory",
	demand:
		"Where CPUs are isolated, transparent huge pages are never or madvise. The kernel command line does not declare another value",
	reason:
		"With always, page faults compact memory and khugepaged locks address spaces, at unpredictable times",
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
					wrong: `is ${effective ?? "not declared"}, although CPUs are isolated`,
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
