/** A default mask does not move interrupts that exist. */

import { isolatedCpus, parameterOf, tuningOf } from "../declaredTuning";
import type { HostRule } from "../rule";

export const interruptsMoved: HostRule = {
	name: "interruptsMoved",
	topic: "interrupts",
	scope: "host",
	severity: "advisory",
	demand:
		"Where CPUs are isolated, interrupts that exist already are moved off them",
	reason:
		"The default mask is for interrupts that are requested later. At boot, drivers have requested theirs before metaltune.service runs",
	source: "Documentation/core-api/irq/irq-affinity.rst, default_smp_affinity",
	judge: (host) => {
		const { irqAffinity, irqbalance } = tuningOf(host);
		const moved =
			irqAffinity?.others !== undefined ||
			parameterOf(host, "irqaffinity") !== undefined ||
			typeof irqbalance === "object";
		return moved || isolatedCpus(host) === ""
			? []
			: [
					{
						host: host.name,
						path: "tuning.irqAffinity.others",
						wrong: "is not declared, although CPUs are isolated",
						right: "declare the CPUs of tuning.irqAffinity.default there too",
					},
				];
	},
};
