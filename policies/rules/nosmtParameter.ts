/** Threads that a boot has switched off are off again after the next one. */
import type { HostRule } from "../rule";
import { parameterOf, parameterPath } from "../tuning";

export const nosmtParameter: HostRule = {
	name: "nosmtParameter",
	topic: "security",
	scope: "host",
	severity: "mandatory",
	demand: "SMT is switched off by tuning.smt and not on the command line",
	reason:
		"what is written to smt/control undoes nosmt until the next boot only, and nosmt=force cannot be undone on the running machine at all, while smt: off does the same at run time and is verified",
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
						? "is force, which only a reboot without it takes back"
						: "is set, which switches threads off again at every boot",
				right:
					"write tuning.smt: off, or record exceptions.nosmtParameter with owner, reason and until",
			},
		];
	},
};
