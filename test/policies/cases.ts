/** What each rule refuses, what it lets pass, and where the line is. */
import type { Sections } from "./policyHosts";

export interface RuleCase {
	readonly rule: string;
	readonly name: string;
	/** Merged over the base of policyHosts.ts. */
	readonly change?: Sections;
	readonly machines?: { readonly [name: string]: Sections };
	/** Paths that host a is told of; empty when it passes. */
	readonly finds: readonly string[];
}

const line = "tuning.kernelCommandLine";

function isolated(cpus: string, more: Sections = {}): Sections {
	return {
		kernelCommandLine: { isolcpus: cpus, nohz_full: cpus, rcu_nocbs: cpus },
		...more,
	};
}

const idle = { applications: null };
const quiet = { irqAffinity: null, irqbalance: null, ethtool: null };

export const cpuCases: readonly RuleCase[] = [
	{
		rule: "bootCpu",
		name: "isolcpus=0-3, the classic",
		change: {
			...idle,
			tuning: isolated("0-3", {
				irqAffinity: { eth0: "4-7", default: "4-7", others: "4-7" },
			}),
		},
		finds: [`${line}.isolcpus`, `${line}.nohz_full`],
	},
	{
		rule: "bootCpu",
		name: "from CPU 1 on",
		change: { ...idle, tuning: isolated("1-7") },
		finds: [],
	},
	{
		rule: "housekeepingCpus",
		name: "the whole second node, which leaves it none",
		change: { ...idle, tuning: isolated("8-15") },
		finds: [`${line}.isolcpus`],
	},
	{
		rule: "housekeepingCpus",
		name: "all but one of the second node",
		change: { ...idle, tuning: isolated("9-15") },
		finds: [],
	},
	{
		rule: "housekeepingCpus",
		name: "nohz_full without housekeeping, the classic",
		change: {
			...idle,
			topology: {
				threadsPerCore: 1,
				numaNodes: [{ cpus: "0-7", memoryGiB: 64 }],
				nics: { eno1: null },
			},
			tuning: {
				...quiet,
				kernelCommandLine: {
					isolcpus: null,
					nohz_full: "0-7",
					rcu_nocbs: "0-7",
				},
			},
		},
		finds: [`${line}.nohz_full`],
	},
	{
		rule: "housekeepingCpus",
		name: "a node of memory only has none to keep",
		change: {
			topology: {
				threadsPerCore: 1,
				numaNodes: [
					{ cpus: "0-7", memoryGiB: 64 },
					{ cpus: "8-15", memoryGiB: 64 },
				],
			},
		},
		finds: [],
	},
	{
		rule: "isolationAgrees",
		name: "other CPUs without a tick",
		change: { tuning: { kernelCommandLine: { nohz_full: "4-6" } } },
		finds: [`${line}.nohz_full`],
	},
	{
		rule: "isolationAgrees",
		name: "isolcpus alone",
		change: {
			tuning: { kernelCommandLine: { nohz_full: null, rcu_nocbs: null } },
		},
		finds: [`${line}.nohz_full`, `${line}.rcu_nocbs`],
	},
	{
		rule: "isolationAgrees",
		name: "the same CPUs in another spelling and with flags",
		change: { tuning: { kernelCommandLine: { nohz_full: "7,6,5,4" } } },
		finds: [],
	},
	{
		rule: "isolationAgrees",
		name: "the kernel takes - for _, so a name with it is found",
		change: {
			tuning: { kernelCommandLine: { nohz_full: null, "nohz-full": "0-7" } },
		},
		finds: [`${line}.nohz-full`],
	},
	{
		rule: "isolationAgrees",
		name: "the same CPUs under a name with -",
		change: {
			tuning: { kernelCommandLine: { nohz_full: null, "nohz-full": "4-7" } },
		},
		finds: [],
	},
	{
		rule: "cpusExist",
		name: "one CPU more than there is",
		change: { tuning: { workqueue: { cpus: "0-3,32" } } },
		finds: ["tuning.workqueue.cpus"],
	},
	{
		rule: "cpusExist",
		name: "the last CPU there is, online or not",
		change: { tuning: { workqueue: { cpus: "0-3,31" } } },
		finds: [],
	},
	{
		rule: "cpusExist",
		name: "lists of applications, their threads and packet steering",
		change: {
			tuning: { receiveScaling: { eth0: { rps: "40" } } },
			applications: {
				engine: { taskset: "4-7,33", threads: { io: { cpus: 50 } } },
			},
		},
		finds: [
			"tuning.receiveScaling.eth0.rps",
			"applications.engine.taskset",
			"applications.engine.threads.io.cpus",
		],
	},
	{
		rule: "cpusExist",
		name: "a name with - has CPUs as well",
		change: {
			tuning: { kernelCommandLine: { nohz_full: null, "nohz-full": "4-32" } },
		},
		finds: [`${line}.nohz-full`],
	},
	{
		rule: "smtNumbering",
		name: "a second thread that goes offline",
		change: { tuning: { workqueue: { cpus: "0-3,16" } } },
		finds: ["tuning.workqueue.cpus"],
	},
	{
		rule: "smtNumbering",
		name: "with SMT on it stays",
		change: { tuning: { smt: null, workqueue: { cpus: "0-3,16" } } },
		finds: [],
	},
	{
		rule: "smtNumbering",
		name: "nosmt on the command line is SMT off as well",
		change: {
			tuning: {
				smt: null,
				kernelCommandLine: { nosmt: true },
				workqueue: { cpus: "0-3,16" },
			},
		},
		finds: ["tuning.workqueue.cpus"],
	},
	{
		rule: "smtNumbering",
		name: "where siblings are adjacent, odd numbers go",
		change: {
			topology: {
				siblings: "adjacent",
				numaNodes: [{ cpus: "0-31", memoryGiB: 64 }],
				nics: { eno1: null },
			},
			tuning: { workqueue: { cpus: "0,2" } },
		},
		finds: [
			`${line}.isolcpus`,
			`${line}.nohz_full`,
			`${line}.rcu_nocbs`,
			"tuning.irqAffinity.eth0",
			"tuning.irqAffinity.default",
			"tuning.irqAffinity.others",
			"applications.engine.taskset",
		],
	},
	{
		rule: "isolatedSiblings",
		name: "an efficiency core has no sibling, a performance core has",
		change: {
			topology: {
				siblings: "adjacent",
				singleThreadedCpus: "16-23",
				numaNodes: [{ cpus: "0-23", memoryGiB: 64 }],
				nics: { eno1: null },
			},
			tuning: isolated("4-7,16-17", { smt: null }),
		},
		finds: [],
	},
	{
		rule: "isolatedSiblings",
		name: "one thread of a performance core of a hybrid processor",
		change: {
			topology: {
				siblings: "adjacent",
				singleThreadedCpus: "16-23",
				numaNodes: [{ cpus: "0-23", memoryGiB: 64 }],
				nics: { eno1: null },
			},
			tuning: isolated("4-6,16-17", { smt: null }),
		},
		finds: [`${line}.isolcpus`],
	},
	{
		rule: "isolatedSiblings",
		name: "SMT on, and the other threads are free for every process",
		change: { tuning: { smt: null } },
		finds: [`${line}.isolcpus`],
	},
	{
		rule: "isolatedSiblings",
		name: "SMT on, and both threads isolated",
		change: { tuning: isolated("4-7,20-23", { smt: null }) },
		finds: [],
	},
	{
		rule: "isolatedSiblings",
		name: "CPUs that the topology does not have have no siblings",
		change: { tuning: isolated("4-7,20-23,40-43", { smt: null }) },
		finds: [],
	},
	{
		rule: "cpusExist",
		name: "isolated CPUs that the topology does not have",
		change: { tuning: isolated("4-7,20-23,40-43") },
		finds: [`${line}.isolcpus`, `${line}.nohz_full`, `${line}.rcu_nocbs`],
	},
	{
		rule: "isolatedSiblings",
		name: "one sibling short",
		change: { tuning: isolated("4-7,20-22", { smt: "on" }) },
		finds: [`${line}.isolcpus`],
	},
	{
		rule: "topologyDeclared",
		name: "no topology",
		change: { topology: null },
		finds: ["topology"],
	},
	{
		rule: "topologyDeclared",
		name: "a NIC that is tuned and not described",
		change: { topology: { nics: { eth0: null } } },
		finds: ["topology.nics"],
	},
	{
		rule: "topologyDeclared",
		name: "a NIC with an XDP program, and one whose packets are steered",
		change: {
			tuning: {
				xdp: { eth1: { object: "/x.o", section: "xdp", mode: "native" } },
				receiveScaling: { eth2: { rps: "0-3" }, eth0: { rps: "0-3" } },
			},
		},
		finds: ["topology.nics", "topology.nics"],
	},
];

export const interruptCases: readonly RuleCase[] = [
	{
		rule: "interruptsOffApplications",
		name: "isolcpus=1-7 with interrupts there, the classic",
		change: { ...idle, tuning: isolated("1-7") },
		finds: [
			"tuning.irqAffinity.eth0",
			"tuning.irqAffinity.default",
			"tuning.irqAffinity.others",
		],
	},
	{
		rule: "interruptsOffApplications",
		name: "one CPU of an application that does not poll",
		change: {
			applications: { engine: { busyPoll: false } },
			tuning: { irqAffinity: { eth0: "1-4" } },
		},
		finds: ["tuning.irqAffinity.eth0"],
	},
	{
		rule: "interruptsOffApplications",
		name: "queues of one that polls",
		change: { tuning: { irqAffinity: { eth0: "1-4" } } },
		finds: [],
	},
	{
		rule: "interruptsOffApplications",
		name: "other interrupts are no queues, polling or not",
		change: {
			tuning: {
				irqAffinity: { default: "0-4", irqs: { nvme0q1: 5 } },
				kernelCommandLine: { irqaffinity: "0-3,7" },
			},
		},
		finds: [
			"tuning.irqAffinity.irqs.nvme0q1",
			"tuning.irqAffinity.default",
			`${line}.irqaffinity`,
		],
	},
	{
		rule: "interruptsOffApplications",
		name: "local ones leave isolated CPUs out",
		change: {
			applications: { engine: { busyPoll: false } },
			tuning: { irqAffinity: { eth0: "local" } },
		},
		finds: [],
	},
	{
		rule: "interruptsOffApplications",
		name: "local ones of a machine without a topology",
		change: { topology: null, tuning: { irqAffinity: { eth0: "local" } } },
		finds: [],
	},
	{
		rule: "interruptsOffApplications",
		name: "packets that are steered to an application, polling or not",
		change: { tuning: { receiveScaling: { eth0: { rps: "0-4" } } } },
		finds: ["tuning.receiveScaling.eth0.rps"],
	},
	{
		rule: "interruptsOffApplications",
		name: "packets that are steered to the others",
		change: {
			tuning: { receiveScaling: { eth0: { rps: "0-3", xps: "0-7" } } },
		},
		finds: [],
	},
	{
		rule: "interruptsPlaced",
		name: "isolation, and no default mask",
		change: { tuning: { irqAffinity: { default: null } } },
		finds: ["tuning.irqAffinity.default"],
	},
	{
		rule: "interruptsPlaced",
		name: "the command line says it",
		change: {
			tuning: {
				irqAffinity: { default: null },
				kernelCommandLine: { irqaffinity: "0-3" },
			},
		},
		finds: [],
	},
	{
		rule: "interruptsMoved",
		name: "a default mask for later interrupts alone",
		change: { tuning: { irqAffinity: { others: null } } },
		finds: ["tuning.irqAffinity.others"],
	},
	{
		rule: "interruptsMoved",
		name: "the command line says it",
		change: {
			tuning: {
				irqAffinity: { others: null },
				kernelCommandLine: { irqaffinity: "0-3" },
			},
		},
		finds: [],
	},
	{
		rule: "interruptsOnNicNode",
		name: "queues on the other socket",
		change: { tuning: { irqAffinity: { eth0: "1-3,8" } } },
		finds: ["tuning.irqAffinity.eth0"],
	},
	{
		rule: "interruptsOnNicNode",
		name: "local is on the node by itself",
		change: { tuning: { irqAffinity: { eth0: "local" } } },
		finds: [],
	},
	{
		rule: "interruptsOnNicNode",
		name: "local of the other node",
		change: {
			topology: { nics: { eth0: { numaNode: 1 } } },
			tuning: { irqAffinity: { eth0: "local" } },
		},
		finds: [],
	},
	{
		rule: "channelsMatchCpus",
		name: "a channel more than CPUs",
		change: { tuning: { ethtool: { eth0: { channels: { combined: 5 } } } } },
		finds: ["tuning.ethtool.eth0.channels.combined"],
	},
	{
		rule: "channelsMatchCpus",
		name: "receive channels of a NIC without combined ones",
		change: {
			tuning: { ethtool: { eth0: { channels: { combined: null, rx: 3 } } } },
		},
		finds: ["tuning.ethtool.eth0.channels.rx"],
	},
	{
		rule: "channelsMatchCpus",
		name: "as many as the NIC can have",
		change: {
			tuning: { ethtool: { eth0: { channels: { combined: "max" } } } },
		},
		finds: ["tuning.ethtool.eth0.channels.combined"],
	},
	{
		rule: "channelsMatchCpus",
		name: "as many channels as local CPUs that are not isolated",
		change: { tuning: { irqAffinity: { eth0: "local" } } },
		finds: [],
	},
	{
		rule: "channelsMatchCpus",
		name: "fewer channels than local CPUs",
		change: {
			tuning: {
				irqAffinity: { eth0: "local" },
				ethtool: { eth0: { channels: { combined: 3 } } },
			},
		},
		finds: ["tuning.ethtool.eth0.channels.combined"],
	},
	{
		rule: "channelsMatchCpus",
		name: "with SMT on the second threads are local too",
		change: { tuning: { smt: "on", irqAffinity: { eth0: "local" } } },
		finds: ["tuning.ethtool.eth0.channels.combined"],
	},
	{
		rule: "channelsMatchCpus",
		name: "local of a NIC without a description",
		change: {
			topology: { nics: { eth0: null } },
			tuning: {
				irqAffinity: { eth0: "local" },
				ethtool: { eth0: { channels: { combined: 3 } } },
			},
		},
		finds: [],
	},
	{
		rule: "channelsMatchCpus",
		name: "as many channels as the driver likes, and more CPUs than it can have",
		change: {
			topology: { nics: { eth0: { maxCombined: 3 } } },
			tuning: { ethtool: { eth0: { channels: null } } },
		},
		finds: ["tuning.irqAffinity.eth0"],
	},
	{
		rule: "channelsMatchCpus",
		name: "as many channels as the driver likes, of a NIC that is not tuned otherwise",
		change: {
			topology: { nics: { eth0: { maxCombined: 3 } } },
			tuning: { ethtool: null },
		},
		finds: ["tuning.irqAffinity.eth0"],
	},
	{
		rule: "channelsMatchCpus",
		name: "as many channels as the driver likes, on whichever CPUs are local",
		change: {
			topology: { nics: { eth0: { maxCombined: 3 } } },
			tuning: {
				irqAffinity: { eth0: "local" },
				ethtool: { eth0: { channels: null } },
			},
		},
		finds: [],
	},
	{
		rule: "channelsMatchCpus",
		name: "as many channels as the driver likes, which may be right",
		change: {
			topology: { nics: { eth0: { maxCombined: 4 } } },
			tuning: { ethtool: { eth0: { channels: null } } },
		},
		finds: [],
	},
	{
		rule: "channelsMatchCpus",
		name: "as many receive channels as the driver likes",
		change: {
			topology: { nics: { eth0: { maxCombined: 0 } } },
			tuning: { ethtool: { eth0: { channels: null } } },
		},
		finds: [],
	},
	{
		rule: "channelsMatchCpus",
		name: "receive channels of a NIC that has none combined",
		change: {
			topology: { nics: { eth0: { maxCombined: 0 } } },
			tuning: { ethtool: { eth0: { channels: { combined: null, rx: 4 } } } },
		},
		finds: [],
	},
	{
		rule: "nicMaxima",
		name: "the maximum, whatever it is",
		change: {
			tuning: { ethtool: { eth0: { rings: { rx: "max", tx: "max" } } } },
		},
		finds: [],
	},
	{
		rule: "nicMaxima",
		name: "one more than the ring can be",
		change: { tuning: { ethtool: { eth0: { rings: { rx: 4097 } } } } },
		finds: ["tuning.ethtool.eth0.rings.rx"],
	},
	{
		rule: "nicMaxima",
		name: "more channels than there are, and a smaller ring",
		change: {
			topology: { nics: { eth0: { maxCombined: 3 } } },
			tuning: { ethtool: { eth0: { rings: { tx: 4095 } } } },
		},
		finds: ["tuning.ethtool.eth0.channels.combined"],
	},
	{
		rule: "fixedCoalescing",
		name: "adaptive on",
		change: {
			tuning: { ethtool: { eth0: { coalescing: { adaptiveRx: "on" } } } },
		},
		finds: ["tuning.ethtool.eth0.coalescing.adaptiveRx"],
	},
	{
		rule: "fixedCoalescing",
		name: "adaptive is not said to be off",
		change: {
			tuning: { ethtool: { eth0: { coalescing: { adaptiveTx: null } } } },
		},
		finds: ["tuning.ethtool.eth0.coalescing.adaptiveTx"],
	},
	{
		rule: "fixedCoalescing",
		name: "nothing fixed, nothing to say",
		change: { tuning: { ethtool: { eth0: { coalescing: null } } } },
		finds: [],
	},
	{
		rule: "fixedCoalescing",
		name: "adaptive on, and nothing fixed",
		change: {
			tuning: {
				ethtool: {
					eth0: {
						coalescing: {
							adaptiveRx: null,
							rxUsecs: null,
							adaptiveTx: "on",
							txUsecs: null,
						},
					},
				},
			},
		},
		finds: ["tuning.ethtool.eth0.coalescing.adaptiveTx"],
	},
	{
		rule: "fixedCoalescing",
		name: "adaptive off, and nothing fixed",
		change: {
			tuning: {
				ethtool: { eth0: { coalescing: { rxUsecs: null, txUsecs: null } } },
			},
		},
		finds: [],
	},
	{
		rule: "irqbalanceKeepsOff",
		name: "pinned interrupts and the daemon as it is",
		change: { tuning: { irqbalance: null } },
		finds: ["tuning.irqbalance"],
	},
	{
		rule: "irqbalanceKeepsOff",
		name: "banned from all but one of the CPUs",
		change: { tuning: { irqbalance: { bannedCpus: "1-7" } } },
		finds: ["tuning.irqbalance.bannedCpus"],
	},
	{
		rule: "irqbalanceKeepsOff",
		name: "banned from all of them",
		change: { tuning: { irqbalance: { bannedCpus: "0-7" } } },
		finds: [],
	},
	{
		rule: "irqbalanceKeepsOff",
		name: "nothing pinned: isolated CPUs are banned by the daemon itself",
		change: {
			tuning: { irqbalance: null, irqAffinity: { eth0: null, others: null } },
		},
		finds: [],
	},
	{
		rule: "irqbalanceKeepsOff",
		name: "where interrupts start is no pin",
		change: {
			tuning: {
				irqbalance: { bannedCpus: "2-7" },
				irqAffinity: { eth0: "2-3", default: "0-3" },
				kernelCommandLine: { irqaffinity: "0-3" },
			},
		},
		finds: [],
	},
	{
		rule: "irqbalanceKeepsOff",
		name: "a single interrupt is pinned",
		change: {
			tuning: {
				irqbalance: { bannedCpus: "0-7" },
				irqAffinity: { irqs: { nvme0q1: 8 } },
			},
		},
		finds: ["tuning.irqbalance.bannedCpus"],
	},
	{
		rule: "irqbalanceKeepsOff",
		name: "local ones are pinned",
		change: {
			tuning: {
				irqbalance: { bannedCpus: "1-7" },
				irqAffinity: { eth0: "local" },
			},
		},
		finds: ["tuning.irqbalance.bannedCpus"],
	},
	{
		rule: "xdpOffloads",
		name: "merging in hardware under XDP",
		change: {
			tuning: {
				xdp: { eth0: { object: "/x.o", section: "xdp", mode: "native" } },
				ethtool: { eth0: { offloads: { lro: "on", gro: "on" } } },
			},
		},
		finds: ["tuning.ethtool.eth0.offloads.lro"],
	},
	{
		rule: "xdpOffloads",
		name: "no XDP, any offload",
		change: { tuning: { ethtool: { eth0: { offloads: { lro: "on" } } } } },
		finds: [],
	},
	{
		rule: "managementNic",
		name: "the NIC of SSH restarts, and the rollback is sooner",
		change: {
			tuning: { ethtool: { eno1: { rings: { rx: 512 } } } },
			rollout: { rollbackSeconds: 29 },
		},
		finds: ["rollout.rollbackSeconds"],
	},
	{
		rule: "managementNic",
		name: "as long as it may take",
		change: {
			tuning: { ethtool: { eno1: { rings: { rx: 512 } } } },
			rollout: { rollbackSeconds: 30 },
		},
		finds: [],
	},
	{
		rule: "managementNic",
		name: "another NIC restarts",
		change: { rollout: { rollbackSeconds: 1 } },
		finds: [],
	},
	{
		rule: "managementNic",
		name: "a private flag restarts it as well",
		change: {
			tuning: {
				ethtool: { eno1: { privateFlags: { "link-down-on-close": "off" } } },
			},
			rollout: { rollbackSeconds: 29 },
		},
		finds: ["rollout.rollbackSeconds"],
	},
	{
		rule: "managementNic",
		name: "coalescing does not",
		change: {
			tuning: { ethtool: { eno1: { coalescing: { adaptiveRx: "off" } } } },
			rollout: { rollbackSeconds: 29 },
		},
		finds: [],
	},
];
