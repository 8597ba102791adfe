/**
 * ethtool: queues, rings, interrupt coalescing, offloads and flow hashing of a NIC.
 *
 * Mechanism: ethtool(8) reads and writes them; metaltune parses its text output, since the JSON
 * output differs by version. The order is that in which one can reset the next: private flags,
 * channels, rings, flow hash, adaptive coalescing off, fixed coalescing, offloads. One call per
 * group and NIC writes only differences, since some versions fail when nothing changes. Sizes above
 * the driver's maximum are refused before any size is written; max is that maximum, and the fact of
 * a NIC that is set to it. metaltune.service sets them again at boot, and whenever a NIC appears.
 *
 * Latency: rx-usecs 0 raises the interrupt with the packet instead of waiting for more; adaptive
 * coalescing varies under load; GRO and LRO hold packets to merge them; larger rings survive bursts
 * at the cost of cache (Documentation/networking/ethtool-netlink.rst, napi.rst, scaling.rst).
 *
 * Risk: changing channels, rings or some private flags restarts the NIC. The link may be down for
 * seconds, and interrupt masks are reset, which irqAffinity repairs.
 *
 * Cannot be undone: packets lost meanwhile. Of a combined offload (tx, tso), a revert switches on
 * only the parts that were on. While adaptive coalescing is on, the driver owns the fixed values.
 *
 * Unsupported: a value that the driver reports as n/a, a feature fixed at another value, a maximum
 * of 0, "Operation not supported", a feature or flag that a complete list does not have. A bond has
 * no rings of its own: declare its members. Any other answer is unreadable, and fails with the
 * first line that was not understood. ethtool 6.14 and 6.15 print no section headers: the first
 * row of a name is its maximum, the second what is set.
 */
import {
	type Infer,
	map,
	object,
	record,
	union,
} from "../../inventory/decode/decoder";
import { interfaceName } from "../../inventory/decode/nic";
import { integer, oneOf, onOff, text } from "../../inventory/decode/scalars";
import type { Tunable } from "../../inventory/tunable";

const most = oneOf(["max"], "As many as the NIC says it can have");
const queues = union(
	[integer({ description: "Queues", min: 0, unit: "queues" }), most],
	"Queues, or max",
);
const slots = union(
	[integer({ description: "Ring size", min: 1, unit: "packets" }), most],
	"Ring size, or max",
);
const wait = integer({
	description: "How long an interrupt may wait for more packets",
	min: 0,
	unit: "microseconds",
});
const frames = integer({
	description: "Packets after which the interrupt waits no longer",
	min: 0,
	unit: "packets",
});
const adaptive = onOff("Coalescing that follows the load");

/** The offload names of ethtool -k for the short names of ethtool -K. */
const longNames: { readonly [long: string]: string } = {
	"rx-checksumming": "rx",
	"tx-checksumming": "tx",
	"scatter-gather": "sg",
	"tcp-segmentation-offload": "tso",
	"generic-segmentation-offload": "gso",
	"generic-receive-offload": "gro",
	"large-receive-offload": "lro",
	"rx-vlan-offload": "rxvlan",
	"tx-vlan-offload": "txvlan",
	"ntuple-filters": "ntuple",
	"receive-hashing": "rxhash",
};
const shortNames = Object.values(longNames);

const offload = map(
	text({
		description: "An offload, as ethtool -K or ethtool -k names it",
		pattern: /^[a-z0-9]+(?:[_-][a-z0-9_-]+)?$/,
		expected: `one of ${shortNames.join(", ")}, or another feature's name`,
	}),
	(name, fail) => {
		const short = longNames[name] ?? name;
		// The kernel's feature names have several words. An unknown single word is
		// a typing error, which would otherwise count as unsupported.
		return shortNames.includes(short) ||
			short.includes("-") ||
			name === "highdma"
			? short
			: fail(
					`expected one of ${shortNames.join(", ")}, or a feature's name such as rx-gro-list, got ${name}`,
				);
	},
);

const hashFields = "mvtsdfn";

const flowHash = map(
	text({
		description:
			"Fields that choose the queue: s and d addresses, f and n ports, v VLAN, t protocol, m MAC",
		pattern: /^[mvtsdfn]+$/,
		expected: `letters of ${hashFields} as in ethtool -N, such as sdfn`,
	}),
	(letters) =>
		[...hashFields].filter((each) => letters.includes(each)).join(""),
);

const nic = object(
	{
		optional: {
			channels: object(
				{
					optional: { rx: queues, tx: queues, combined: queues, other: queues },
				},
				"Number of queues by kind",
			),
			rings: object(
				{ optional: { rx: slots, tx: slots } },
				"Packets each queue can hold",
			),
			coalescing: object(
				{
					optional: {
						adaptiveRx: adaptive,
						adaptiveTx: adaptive,
						rxUsecs: wait,
						txUsecs: wait,
						rxFrames: frames,
						txFrames: frames,
					},
				},
				"When an interrupt is raised for packets",
			),
			offloads: record(
				offload,
				onOff("The offload"),
				"What the NIC does itself",
			),
			flowHash: record(
				oneOf(
					["tcp4", "udp4", "sctp4", "tcp6", "udp6", "sctp6"],
					"Kind of traffic",
				),
				flowHash,
				"By which fields packets are spread over queues",
			),
			privateFlags: record(
				text({
					description: "A flag, as ethtool --show-priv-flags names it",
					pattern: /^[A-Za-z0-9_+-]+$/,
					expected: "the name of a driver's flag such as legacy-rx",
				}),
				onOff("The flag"),
				"Switches that only this driver has",
			),
		},
	},
	"One network interface",
);

const decoder = record(interfaceName, nic, "Settings of network interfaces");

export const ethtool: Tunable<Infer<typeof decoder>> = {
	name: "ethtool",
	docs: {
		summary:
			"queues, rings, interrupt coalescing, offloads and flow hash of NICs",
		keys: [
			{
				key: "NIC.channels.KIND",
				meaning: "how many queues the NIC has of rx, tx, combined or other",
				values:
					"a whole number up to the NIC's maximum, or max: that maximum, whichever it is",
			},
			{
				key: "NIC.rings.KIND",
				meaning: "packets that each rx or tx queue can hold during a burst",
				values: "a whole number up to the NIC's maximum, or max",
			},
			{
				key: "NIC.coalescing.KIND",
				meaning:
					"how long, or for how many packets, an interrupt waits (rxUsecs, txUsecs, rxFrames, txFrames), and whether that follows the load (adaptiveRx, adaptiveTx)",
				values: "microseconds or packets; on or off",
			},
			{
				key: "NIC.offloads.FEATURE",
				meaning: "what the NIC does instead of the CPU, as ethtool -k names it",
				values: "on or off",
			},
			{
				key: "NIC.flowHash.TRAFFIC",
				meaning: "the fields of a packet that choose its queue",
				values: `letters of ${hashFields}, such as sdfn`,
			},
			{
				key: "NIC.privateFlags.FLAG",
				meaning: "a switch that only this driver has, by its name",
				values: "on or off",
			},
		],
		layers: ["live", "boot"],
		needsReboot: "never",
		risks: [
			"changing channels, rings or some private flags restarts the NIC: its link may be down for seconds, and a session over it may end",
			"rxUsecs 0 raises an interrupt per packet: throughput falls and a CPU may drown",
			"a bond has none of these but offloads: declare its members",
		],
		cannotBeUndone: "packets lost while a NIC restarts",
		persistence:
			"metaltune.service, which udev and the network's own scripts restart when a NIC appears or its interface comes up",
		sources: [
			"ethtool(8)",
			"Documentation/networking/scaling.rst, RSS",
			"Documentation/networking/napi.rst",
		],
		example: [
			"ethtool:",
			"  eth0:",
			"    rings: {rx: 4096, tx: 4096}",
			"    coalescing: {adaptiveRx: off, rxUsecs: 0}",
			"    offloads: {gro: on}",
		].join("\n"),
	},
	decoder,
	settings: (spec) =>
		Object.entries(spec).flatMap(([name, groups]) =>
			Object.entries(groups).flatMap(([group, values]) =>
				Object.entries(values).map(
					([key, value]) =>
						({
							tunable: "ethtool",
							key: `${name}.${group}.${key}`,
							match: "exact",
							value: String(value),
							effect: "live",
						}) as const,
				),
			),
		),
};
