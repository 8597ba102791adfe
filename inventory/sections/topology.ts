/**
 * Decodes `topology`: the hardware that a machine must have. Policies check CPU
 * lists, memory and NICs against it before the first login.
 */

import type { Topology } from "../../model/topology";
import { type Decoder, list, map, object, record } from "../decode/decoder";
import { interfaceName } from "../decode/nic";
import { boolean, cpuList, integer, oneOf } from "../decode/scalars";

const numaNode = object(
	{
		required: {
			cpus: cpuList(
				"Its CPUs as the firmware numbers them, with the second threads of cores.",
			),
			memoryGiB: integer({
				description: "Its memory.",
				min: 0,
				max: 65_536,
				unit: "GiB",
			}),
		},
	},
	"One NUMA node; the first is node 0.",
);

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
				siblings: oneOf(
					["apart", "adjacent"],
					"Numbers of a core's threads: apart (the default) are n and n plus the number of cores, adjacent are 2n and 2n + 1.",
				),
				nics: record(interfaceName, nic, "The network interfaces."),
			},
		},
		"What the machine is: policies judge the tuning against it.",
	),
	(topology, fail) =>
		topology.numaNodes.length > 0
			? topology
			: fail("expected at least one NUMA node, got an empty list"),
);
