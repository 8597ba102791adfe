/** Awk programs about NICs and their interrupts, under every awk. */
import { type AwkCase, testAwk } from "../../support/awk";

const read = "tunables/ethtool/read.awk";
const members = "tunables/irqAffinity/members.awk";
const others = "tunables/irqAffinity/others.awk";

const fields = (...values: readonly string[]): string => values.join("|");
const bars = { separator: "|", variables: { OFS: "|", root: "." } };

/** Keys as `NIC KEY VALUE`, then what ethtool prints for a group. */
const asked = (
	group: string,
	wanted: Readonly<Record<string, string>>,
	printed: readonly string[],
) => ({
	...bars,
	lines: [
		...Object.entries(wanted).map(([key, value]) =>
			fields("eth0", `eth0.${group}.${key}`, value),
		),
		fields("ask", `eth0.${group}`),
		...printed,
	],
});

const sizes = [
	"Ring parameters for eth0:",
	"Pre-set maximums:",
	"RX:\t\t4096",
	"RX Mini:\tn/a",
	"TX:\t\t0",
	"Current hardware settings:",
	"RX:\t\t4096",
	"RX Mini:\tn/a",
	"TX:\t\t0",
];

const ethtoolCases: readonly (readonly [string, AwkCase])[] = [
	[
		"the maximum by its name, and rings that the driver does not have",
		{
			...asked("rings", { rx: "max", tx: "512" }, sizes),
			answers: [
				fields("eth0.rings.rx", "value", "max", "4096", "max", "eth0", ""),
				fields(
					"eth0.rings.tx",
					"unsupported",
					"the driver of eth0 does not have it",
					"",
					"512",
					"eth0",
				),
			],
		},
	],
	[
		"a bond names its members",
		{
			...asked("rings", { rx: "512" }, [
				"netlink error: Operation not supported",
			]),
			files: { "sys/class/net/eth0/bonding/slaves": ["eth1 eth2"] },
			answers: [
				fields(
					"eth0.rings.rx",
					"unsupported",
					"eth0 is a bond; declare its members instead: eth1 eth2",
					"",
					"512",
					"eth0",
				),
			],
		},
	],
	[
		"coalescing, and a value that is no number",
		{
			...asked(
				"coalescing",
				{ adaptiveRx: "off", rxUsecs: "0", txFrames: "1" },
				[
					"Coalesce parameters for eth0:",
					"Adaptive RX: off  TX: n/a",
					"rx-usecs: 8",
					"tx-frames: many",
				],
			),
			answers: [
				fields(
					"eth0.coalescing.adaptiveRx",
					"value",
					"off",
					"",
					"off",
					"eth0",
					"",
				),
				fields("eth0.coalescing.rxUsecs", "value", "8", "", "0", "eth0", ""),
				fields(
					"eth0.coalescing.txFrames",
					"unreadable",
					"ethtool printed a line that metaltune does not understand: tx-frames: many",
					"",
					"1",
					"eth0",
				),
			],
		},
	],
	[
		"offloads by their short names, their parts, and one that is fixed",
		{
			...asked("offloads", { tso: "off", rxvlan: "off", "rx-all": "off" }, [
				"Features for eth0:",
				"tcp-segmentation-offload: on",
				"\ttx-tcp-segmentation: on",
				"\ttx-tcp6-segmentation: off",
				"rx-vlan-offload: on [fixed]",
			]),
			answers: [
				fields(
					"eth0.offloads.tso",
					"value",
					"on",
					"",
					"off",
					"eth0",
					" tx-tcp-segmentation",
				),
				fields(
					"eth0.offloads.rxvlan",
					"unsupported",
					"the driver of eth0 fixed it at on",
					"",
					"off",
					"eth0",
				),
				fields(
					"eth0.offloads.rx-all",
					"unsupported",
					"the driver of eth0 does not have it",
					"",
					"off",
					"eth0",
				),
			],
		},
	],
	[
		"a failure is no sign that it is unsupported",
		{
			...asked("channels", { combined: "8" }, [
				"netlink error: No such device",
				fields("failed", ""),
			]),
			answers: [
				fields(
					"eth0.channels.combined",
					"unreadable",
					"ethtool: netlink error: No such device",
					"",
					"8",
					"eth0",
				),
			],
		},
	],
	[
		"private flags, and the fields of a flow hash",
		{
			...bars,
			lines: [
				fields("eth0", "eth0.privateFlags.legacy-rx", "off"),
				fields("eth0", "eth0.flowHash.udp4", "sdfn"),
				fields("ask", "eth0.privateFlags"),
				"Private flags for eth0:",
				"legacy-rx    : on",
				fields("ask", "eth0.flowHash.udp4"),
				"UDP over IPV4 flows use these fields for computing Hash flow key:",
				"IP SA",
				"IP DA",
				"L4 bytes 0 & 1 [TCP/UDP src port]",
			],
			answers: [
				fields(
					"eth0.privateFlags.legacy-rx",
					"value",
					"on",
					"",
					"off",
					"eth0",
					"",
				),
				fields("eth0.flowHash.udp4", "value", "sdf", "", "sdfn", "eth0", ""),
			],
		},
	],
];

for (const [title, given] of ethtoolCases) {
	testAwk(`${read}: ${title}`, { program: read, ...given });
}

const interrupts = {
	"proc/interrupts": [
		"           CPU0       CPU1",
		"  8:          0          0  IO-APIC    8-edge      rtc0",
		"  9:          0          4  IO-APIC    9-fasteoi   acpi, usb1",
		" 41:          7          0  PCI-MSI 524289-edge      eth0-TxRx-1",
		" 42:          7          0  PCI-MSI 524288-edge      eth0-TxRx-0",
		" 43:          7          0  PCI-MSI 524290-edge      eth0-misc",
		" 44:          7          0  PCI-MSI 524291-edge      nvme0q1",
		"NMI:          0          0  Non-maskable interrupts",
	],
};
const queuesOf = (wanted: string, irqs: string) =>
	fields(
		"key",
		"eth0.queues",
		wanted,
		"eth0",
		irqs,
		wanted,
		"d",
		"0000:01:00.0",
	);
const file = (irq: number) => `./proc/irq/${irq}/smp_affinity_list`;
const irqFact = (key: string, status: string, text: string) =>
	`fact\tirqAffinity\t${key}\tlive\t${status}\t${text}\t/proc/interrupts`;
const irqs = {
	...bars,
	variables: { ...bars.variables, tunable: "irqAffinity" },
	files: interrupts,
};

const memberCases: readonly (readonly [string, AwkCase])[] = [
	[
		"queues in the order of their numbers, without control interrupts",
		{
			...irqs,
			lines: [queuesOf("2-3", "41 42 43")],
			answers: [
				`eth0.queues|2-3|queue 0 (IRQ 42)|2|\t${file(42)}`,
				`eth0.queues|2-3|queue 1 (IRQ 41)|3|\t${file(41)}`,
			],
		},
	],
	[
		"the CPUs of the device's node that are online and not isolated",
		{
			...irqs,
			files: {
				...interrupts,
				"d/local_cpulist": ["0-3"],
				"sys/devices/system/cpu/isolated": ["1"],
				"sys/devices/system/cpu/online": ["1-2"],
			},
			lines: [queuesOf("local", "41 42")],
			answers: [
				`eth0.queues|local|queue 0 (IRQ 42)|2|\t${file(42)}`,
				`eth0.queues|local|queue 1 (IRQ 41)|2|\t${file(41)}`,
			],
		},
	],
	[
		"an interrupt that cannot be moved, found by name",
		{
			...irqs,
			lines: [
				fields("unmovable", "9", "managed"),
				fields("key", "irq.usb*", "0", "", "", "0"),
				fields("key", "irq.8", "1", "", "", "1"),
			],
			answers: [
				`irq.usb*|0||0|the kernel manages this interrupt, it cannot be moved\t${file(9)}`,
				`irq.8|1||1|\t${file(8)}`,
			],
		},
	],
	[
		"no interrupt of that name, and none of a NIC",
		{
			...irqs,
			lines: [
				fields("key", "irq.sata", "1", "", "", "1"),
				fields("key", "irq.gone", "1", "", "", "-"),
				fields("key", "eth7.queues", "0", "eth7", "", "0", "d", ""),
				fields("key", "eth0.queues", "0", "eth0", "43", "0", "d", ""),
			],
			answers: [
				irqFact("irq.sata", "absent", ""),
				irqFact(
					"eth7.queues",
					"unreadable",
					"no interrupt of eth7 is in use; its interface must be up",
				),
				irqFact(
					"eth0.queues",
					"unreadable",
					"none of the interrupts of eth0 is a queue: eth0-misc",
				),
			],
		},
	],
];

for (const [title, given] of memberCases) {
	testAwk(`${members}: ${title}`, { program: members, ...given });
}

const masks = {
	...interrupts,
	"proc/irq/8/smp_affinity_list": ["0-1"],
	"proc/irq/9/smp_affinity_list": ["0-7"],
	"proc/irq/9/effective_affinity_list": ["4"],
	"proc/irq/41/smp_affinity_list": ["6"],
	"proc/irq/44/smp_affinity_list": ["5"],
};
const othersOf = (mode: string, declared: string, wanted: string) => ({
	...irqs,
	files: masks,
	variables: { ...irqs.variables, mode, declared },
	lines: [
		fields("unmovable", "9", "managed"),
		fields("moved", "44", "0-7"),
		fields("claim", "eth0.queues", "6", "eth0", "41 42 43", "6", "d", ""),
		fields("key", "others", wanted, "", "", wanted),
	],
});

const othersCases: readonly (readonly [string, AwkCase])[] = [
	[
		"the first interrupt elsewhere, and one that stays there",
		{
			...othersOf("facts", "yes", "1-2"),
			answers: [
				"fact\tirqAffinity\tothers\tlive\tvalue\tIRQ 8 (rtc0): 0-1, and 1 more\t/proc/irq; managed: IRQ 9 (acpi, usb1) on 4",
			],
		},
	],
	[
		"masks are narrowed where they overlap, and replaced where not",
		{
			...othersOf("changes", "yes", "1-2"),
			answers: [
				"put|/proc/irq/8/smp_affinity_list|1|8|0-1",
				"put|/proc/irq/44/smp_affinity_list|1-2|44|5",
				"stay|managed: IRQ 9 (acpi, usb1) on 4",
			],
		},
	],
	[
		"every movable interrupt is within",
		{
			...othersOf("facts", "yes", "0-5"),
			answers: ["fact\tirqAffinity\tothers\tlive\tvalue\t0-5\t/proc/irq"],
		},
	],
	[
		"a dropped key gives each interrupt its own mask again",
		{
			...othersOf("changes", "", "all"),
			answers: ["put|/proc/irq/44/smp_affinity_list|0-7|44|5"],
		},
	],
];

for (const [title, given] of othersCases) {
	testAwk(`${others}: ${title}`, { program: others, ...given });
}
