/** isolcpus alone does not move interrupts. */

import { isolatedCpus, parameterOf, tuningOf } from "../declaredTuning";
import type { HostRule } from "../rule";

export const interruptsPlaced: HostRule = {
	name: "interruptsPlaced",
	topic: "interrupts",
	scope: "host",
	severity: "advisory",
	demand: "Where CPUs are isolated, the description says where interrupts go",
	reason:
		"Without a default mask, an interrupt may go to every CPU, isolated CPUs included",
	source: "Documentation/core-api/irq/irq-affinity.rst, default_smp_affinity",
	judge: (host) => {
		const { irqAffinity, irqbalance } = tuningOf(host);
		const placed =
			irqAffinity?.default !== undefined ||
			parameterOf(host, "irqaffinity") !== undefined ||
			typeof irqbalance === "object";
		return placed || isolatedCpus(host) === ""
			? []
			: [
					{
						host: host.name,
						path: "tuning.irqAffinity.default",
						wrong: "is not declared, although CPUs are isolated",
						right: "declare the housekeeping CPUs there",
					},
				];
	},
};
