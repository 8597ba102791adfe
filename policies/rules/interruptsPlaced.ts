/** Isolation by isolcpus alone leaves interrupts where they are. */
import type { HostRule } from "../rule";
import { isolatedCpus, parameterOf, tuningOf } from "../tuning";

export const interruptsPlaced: HostRule = {
	name: "interruptsPlaced",
	topic: "interrupts",
	scope: "host",
	severity: "advisory",
	demand: "where CPUs are isolated, something says where interrupts go",
	reason:
		"interrupts start with every CPU in their mask, the isolated ones too, unless a default says otherwise",
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
						wrong: "is not declared, though CPUs are isolated",
						right: "declare the housekeeping CPUs there",
					},
				];
	},
};
