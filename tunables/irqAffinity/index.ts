/**
 * irqAffinity: the CPUs that serve interrupts.
 *
 * Mechanism: /proc/irq/N/smp_affinity_list. The host program finds a NIC's queue
 * interrupts by its device's msi_irqs and the names in /proc/interrupts, and sorts
 * them in queue order. Queue n gets the n-th CPU of the list, round robin; receive
 * and transmit interrupts of one queue share its CPU. `local` is a list too: the
 * CPUs of the NIC's own NUMA node (its device's local_cpulist) that are online and
 * not isolated. Only the host knows the number of queues, so a NIC is one key, and
 * a wrong queue is named with its interrupt. Single interrupts are declared by
 * number or by name, where * matches anything; `default` applies to interrupts that
 * are requested later (Documentation/core-api/irq/irq-affinity.rst). The kernel
 * resets a NIC's masks when its interface comes up, so metaltune.service sets them
 * again then, and at boot.
 *
 * Which interrupts are a NIC's says its device: msi_irqs, or, where that is empty, the
 * lines of /proc/interrupts with the interface or its device, and the device's legacy
 * interrupt. Names only order them. Interrupts for events, control and management of the
 * device are left alone.
 *
 * `default` alone leaves interrupts where they are that were requested earlier: at boot,
 * those of all drivers. `others` moves them: every interrupt in use that no other key
 * names gets the part of its mask that is in the list, or the list. One that cannot be
 * moved, and is served by a CPU that is not in the list, is no drift: apply prints it with
 * its reason, and the source of the key's fact names it.
 *
 * The mask decides: an idle interrupt keeps its CPU, in effective_affinity_list,
 * until it fires.
 *
 * Latency: an interrupt on an application's core costs it microseconds at a time;
 * one on the other NUMA node sends the packet across sockets.
 *
 * Cannot be undone: when a mask is widened again, the interrupt stays on the CPU it
 * was narrowed to. irqbalance moves interrupts and must not run.
 *
 * Unsupported: interrupts that the kernel itself spreads (NVMe, some HBAs) refuse
 * every mask. Newer kernels show that in the file's mode; on older ones, the first
 * refused write is recorded until the next boot.
 */

import {
	type Decoder,
	mismatch,
	object,
	record,
	union,
} from "../../inventory/decode/decoder";
import { interfaceName } from "../../inventory/decode/nic";
import { cpuList, oneOf, text } from "../../inventory/decode/scalars";
import type { Tunable } from "../../inventory/tunable";
import type { CpuSet } from "../../model/cpuSet";
import type { Setting } from "../../model/settings";

type Affinities = { readonly [name: string]: CpuSet };

interface IrqAffinity {
	/** Only the host knows the CPUs of `local`. */
	readonly nics: { readonly [nic: string]: CpuSet | "local" };
	readonly irqs?: Affinities;
	readonly default?: CpuSet;
	readonly others?: CpuSet;
}

const ofNics = record(
	interfaceName,
	union(
		[
			cpuList("CPUs over which the interface's queues are spread"),
			oneOf(["local"], "Those of the NIC's node that are not isolated"),
		],
		"CPUs over which the interface's queues are spread, or local",
	),
	"CPUs of each interface's queues",
);

const named = object(
	{
		optional: {
			default: cpuList("CPUs of interrupts that are requested later"),
			others: cpuList("CPUs of all interrupts in use that no other key names"),
			irqs: record(
				text({
					description: "Number or name of an interrupt; * stands for anything",
					pattern: /^[A-Za-z0-9_.:@*-]+$/,
					expected: 'a number in quotes or a name such as "24" or nvme0q1',
				}),
				cpuList("CPUs that serve the interrupt"),
				"Single interrupts",
			),
		},
	},
	"Interrupts that belong to no interface's queue",
);

const expected = `${ofNics.expected}, and the keys default, others and irqs`;

const decoder: Decoder<IrqAffinity> = {
	expected,
	schema: {
		...ofNics.schema,
		...named.schema,
		additionalProperties: ofNics.schema.additionalProperties ?? true,
	},
	decode: (node, problems) => {
		if (node.kind !== "map") return mismatch(node, expected, problems);
		const isNamed = (key: string) =>
			key === "default" || key === "irqs" || key === "others";
		const part = (own: boolean) => ({
			...node,
			entries: node.entries.filter(({ key }) => isNamed(key) === own),
		});
		const nics = ofNics.decode(part(false), problems);
		const others = named.decode(part(true), problems);
		return nics && others && { ...others, nics };
	},
};

function setting(key: string, value: CpuSet | "local"): Setting {
	return {
		tunable: "irqAffinity",
		key,
		match: value === "local" ? "exact" : "cpuSet",
		value,
		effect: "live",
	};
}

export const irqAffinity: Tunable<IrqAffinity> = {
	name: "irqAffinity",
	docs: {
		summary: "the CPUs that serve interrupts",
		keys: [
			{
				key: "NIC.queues",
				meaning:
					"queue n of the NIC interrupts the n-th of these CPUs, round and round",
				values:
					"a CPU list, or local: the CPUs of the NIC's NUMA node that are not isolated",
			},
			{
				key: "irq.NAME",
				meaning:
					"CPUs of the interrupts with this number, or this name in /proc/interrupts, where * stands for anything",
				values: "a CPU list",
			},
			{
				key: "default",
				meaning: "CPUs of interrupts that are requested later",
				values: "a CPU list",
			},
			{
				key: "others",
				meaning:
					"CPUs to which all interrupts in use keep that no other key names, those included that were requested before metaltune ran",
				values: "a CPU list",
			},
		],
		layers: ["live", "boot"],
		needsReboot: "never",
		risks: [
			"irqbalance undoes it: switch it off, or ban it from these interrupts",
			"many queues on few CPUs may need more interrupt vectors than those have",
			"the kernel manages some interrupts itself (NVMe); they are reported as unsupported",
			"default alone leaves interrupts on isolated CPUs that were requested before it was set: declare others too",
		],
		cannotBeUndone:
			"with its mask wide again, an interrupt stays on the CPU it was moved to",
		persistence:
			"metaltune.service, which udev and the network's own scripts restart when a NIC appears or its interface comes up",
		sources: [
			"Documentation/core-api/irq/irq-affinity.rst",
			"Documentation/networking/scaling.rst, RSS IRQ Configuration",
		],
		example:
			'irqAffinity: {eth0: 0-7, eth1: local, irqs: {"24": 1}, others: 0-7}',
	},
	decoder,
	settings: (spec) => [
		...Object.entries(spec.nics).map(([name, cpus]) =>
			setting(`${name}.queues`, cpus),
		),
		...Object.entries(spec.irqs ?? {}).map(([name, cpus]) =>
			setting(`irq.${name}`, cpus),
		),
		...(spec.default === undefined ? [] : [setting("default", spec.default)]),
		...(spec.others === undefined ? [] : [setting("others", spec.others)]),
	],
};
