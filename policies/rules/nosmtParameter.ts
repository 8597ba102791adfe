/** Threads that a boot has switched off do not come back without one. */
import type { HostRule } from "../rule";
import { parameterOf, parameterPath } from "../tuning";

export const nosmtParameter: HostRule = {
	name: "nosmtParameter",
	topic: "security",
	scope: "host",
	severity: "mandatory",
	demand: "SMT is switched off by tuning.smt and not on the command line",
	reason:
		"nosmt takes a reboot to undo and nosmt=force cannot be undone on the running machine at all, while smt: off does the same at run time and is verified",
	source: "Documentation/admin-guide/kernel-parameters.txt, nosmt",
	judge: (host) => {
		const value = parameterOf(host, "nosmt");
		if (value === undefined) return [];
		return [
			{
				host: host.name,
				path: parameterPath("nosmt"),
				wrong: `${value === "" ? "is set" : `is ${value}`}, which only a reboot takes back`,
				right:
					"write tuning.smt: off, or record exceptions.nosmtParameter with owner, reason and until",
			},
		];
	},
};
