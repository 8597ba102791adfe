/**
 * Decodes `topology`: the hardware that a machine must have. Policies check CPU
 * lists, memory and NICs against it before the first login.
 */

import {
	type CpuSet,
	cpuNumbers,
	cpuSetOf,
	difference,
} from "../../model/cpuSet";
import type { NumaNode, Topology } from "../../model/topology";
import { type Decoder, list, map, object, record } from "../decode/decoder";
import { interfaceName } from "../decode/nic";
import { boolean, cpuList, integer, oneOf } from "../decode/scalars";

const someCpus = cpuList(
	"Its CPUs as the firmware numbers them, with the second threads of cores; empty or left out for a node with memory only.",
);

/** A node with memory only has an empty list, as in /sys. */
const nodeCpus: Decoder<CpuSet> = {
	...someCpus,
	decode: (node, problems) =>
		node.kind === "scalar" && node.scalar === "text" && node.text.trim() === ""
			? cpuSetOf([])
			: someCpus.decode(node, problems),
};

const nodeFields = object(
	{
		required: {
			memoryGiB: integer({
				description: "Its memory.",
				min: 0,
				max: 65_536,
				unit: "GiB",
			}),
		},
		optional: { cpus: nodeCpus },
	},
	"One NUMA node; the first is node 0.",
);

const numaNode: Decoder<NumaNode> = map(nodeFields, (node) => ({
	cpus: cpuSetOf([]),
	...node,
}));

const nic = object(
	{
		required: {
			numaNode: integer({
				description: "The node whose PCI bus it is on.",
				min: 0,
				max: 1023,
			}),
		},
		optional: {
			maxCombined: integer({
				description: "The most combined channels, as ethtool -l says.",
				min: 0,
				unit: "channels",
			}),
			maxRing: integer({
				description: "The largest ring, as ethtool -g says.",
				min: 0,
				unit: "packets",
			}),
			management: boolean("Whether SSH comes in by it; false when absent."),
		},
	},
	"One network interface.",
);

/** `topology` of a group, a machine or a profile, merged key by key. */
export const topologySection: Decoder<Topology> = map(
	object(
		{
			required: {
				threadsPerCore: integer({
					description: "Threads of each core before any is switched off.",
					min: 1,
					max: 8,
					unit: "threads",
				}),
				numaNodes: list(numaNode, "The NUMA nodes, from node 0."),
			},
			optional: {
				singleThreadedCpus: cpuList(
					"CPUs whose core has no other thread, although threadsPerCore is larger: the efficiency cores of a hybrid processor.",
				),
				siblings: oneOf(
					["apart", "adjacent"],
					"Numbers of a core's threads: apart (the default) are n and n plus the number of cores, adjacent are 2n and 2n + 1.",
				),
				nics: record(interfaceName, nic, "The network interfaces."),
			},
		},
		"What the machine is: policies judge the tuning against it.",
	),
	(topology, fail) => {
		const wrong = disorder(topology);
		return wrong === undefined ? topology : fail(wrong);
	},
);

/** What no machine can be. */
function disorder(topology: Topology): string | undefined {
	const { numaNodes, singleThreadedCpus, threadsPerCore } = topology;
	if (numaNodes.length === 0) {
		return "expected at least one NUMA node, got an empty list";
	}
	const numbers = numaNodes.flatMap(({ cpus }) => cpuNumbers(cpus));
	if (numbers.length === 0) {
		return "expected at least one NUMA node with CPUs, got nodes with memory only; write the CPUs of a node in its cpus";
	}
	const all = cpuSetOf(numbers);
	const single = singleThreadedCpus ?? cpuSetOf([]);
	const beyond = difference(single, all);
	if (beyond !== "") {
		return `expected singleThreadedCpus to be CPUs of the NUMA nodes, got ${beyond}; choose from ${all}`;
	}
	const rest = cpuNumbers(difference(all, single)).length;
	if (rest % threadsPerCore === 0) return undefined;
	return `expected CPUs of whole cores of ${threadsPerCore} threads, got ${rest} CPUs; correct the nodes, or name the CPUs of cores with one thread in singleThreadedCpus`;
}
