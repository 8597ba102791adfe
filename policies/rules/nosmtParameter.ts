/** nosmt on the kernel command line switches SMT off again at every boot. */

import { parameterOf, parameterPath } from "../declaredTuning";
import type { HostRule } from "../rule";

export const nosmtParameter: HostRule = {
	name: "nosmtParameter",
	topic: "security",
	scope: "host",
	severity: "mandatory",
	demand: "tuning.smt switches SMT off, and not the kernel command line",
	reason:
		"Writing to smt/control undoes nosmt only until the next boot, and cannot undo nosmt=force at all. smt: off has the same effect at run time, and metaltune verifies it",
	source: "Documentation/admin-guide/kernel-parameters.txt, nosmt",
	judge: (host) => {
		const value = parameterOf(host, "nosmt");
		if (value === undefined) return [];
		return [
			{
				host: host.name,
				path: parameterPath(host, "nosmt"),
				wrong:
					value === "force"
						? "is force, which only a reboot without the parameter undoes"
						: "is set, which switches SMT off again at every boot",
				right:
					"write tuning.smt: off, or record exceptions.nosmtParameter with owner, reason and until",
			},
		];
	},
};
