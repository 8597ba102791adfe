/** irqbalance moves pinned interrupts unless it is off or banned from their CPUs. */
import { difference, union } from "../../model/cpuSet";
import { nicCpus, unionOf } from "../cpus";
import { isolatedCpus, tuningOf } from "../declaredTuning";
import type { HostRule } from "../rule";

export const irqbalanceKeepsOff: HostRule = {
	name: "irqbalanceKeepsOff",
	topic: "interrupts",
	scope: "host",
	severity: "mandatory",
	demand:
		"Where interrupts are pinned, irqbalance is off, or banned from their CPUs and from isolated CPUs",
	reason:
		"The daemon writes its own masks every ten seconds. bannedCpus replaces the list that it derives from isolcpus and nohz_full",
	source: "irqbalance(1), IRQBALANCE_BANNED_CPULIST",
	judge: (host) => {
		const { irqbalance, irqAffinity } = tuningOf(host);
		const isPinned =
			irqAffinity?.others !== undefined ||
			Object.keys({ ...irqAffinity?.nics, ...irqAffinity?.irqs }).length > 0;
		if (irqbalance === "off") return [];
		if (irqbalance === undefined) {
			return isPinned
				? [
						{
							host: host.name,
							path: "tuning.irqbalance",
							wrong: "is not declared, but tuning.irqAffinity pins interrupts",
							right: "write irqbalance: off",
						},
					]
				: [];
		}
		// The default mask pins nothing: irqbalance may move those interrupts.
		const pinned = unionOf([
			...Object.values(nicCpus(host)),
			...Object.values(irqAffinity?.irqs ?? {}),
		]);
		const wanted = union(pinned, isolatedCpus(host));
		const open = difference(wanted, irqbalance.bannedCpus);
		return open === ""
			? []
			: [
					{
						host: host.name,
						path: "tuning.irqbalance.bannedCpus",
						wrong: `${irqbalance.bannedCpus} leaves CPUs ${open} to irqbalance`,
						right: `write ${union(wanted, irqbalance.bannedCpus)}, or irqbalance: off`,
					},
				];
	},
};
