/** The same for memory, applications, security, rollouts and fleets. */
import { ed25519 } from "../inventory/inventoryDirectory";
import type { RuleCase } from "./cases";

const line = "tuning.kernelCommandLine";
const gigantic = { "2M": null, "1G": { node0: 46 } };

export const memoryCases: readonly RuleCase[] = [
	{
		rule: "nodesExist",
		name: "a node more than there are",
		change: { tuning: { hugePages: { "2M": { node2: 1 } } } },
		finds: ["tuning.hugePages.2M"],
	},
	{
		rule: "nodesExist",
		name: "the last node",
		change: { tuning: { hugePages: { "2M": { node1: 1 } } } },
		finds: [],
	},
	{
		rule: "memoryFits",
		name: "1G pages beyond the node, the classic",
		change: { tuning: { hugePages: { "2M": null, "1G": { node0: 47 } } } },
		finds: ["tuning.hugePages.1G"],
	},
	{
		rule: "memoryFits",
		name: "the last page that fits beside the application and the reserve",
		change: { tuning: { hugePages: gigantic } },
		finds: [],
	},
	{
		rule: "memoryFits",
		name: "pages of both sizes count together",
		change: {
			tuning: { hugePages: { "2M": { node0: 512 }, "1G": { node0: 46 } } },
		},
		finds: ["tuning.hugePages.1G"],
	},
	{
		rule: "memoryFits",
		name: "a pool of the machine beyond the machine",
		change: {
			tuning: { hugePages: { "2M": 57344 } },
			applications: { engine: { memoryGiB: 13 } },
		},
		finds: ["tuning.hugePages.2M"],
	},
	{
		rule: "memoryFits",
		name: "a pool of the machine, of which a node's half is too much beside its application",
		change: {
			tuning: { hugePages: { "2M": 57344 } },
			applications: { engine: { memoryGiB: 7 } },
		},
		finds: ["tuning.hugePages.2M"],
	},
	{
		rule: "memoryFits",
		name: "a pool of the machine that just fits",
		change: {
			tuning: { hugePages: { "2M": 57344 } },
			applications: { engine: { memoryGiB: 6 } },
		},
		finds: [],
	},
	{
		rule: "memoryFits",
		name: "pages of the command line, by node",
		change: {
			tuning: {
				hugePages: null,
				kernelCommandLine: {
					default_hugepagesz: "1G",
					hugepages: "0:46,1:63",
				},
			},
		},
		finds: [`${line}.hugepages`],
	},
	{
		rule: "memoryFits",
		name: "pages of the command line that just fit",
		change: {
			tuning: {
				hugePages: null,
				kernelCommandLine: {
					default_hugepagesz: "1G",
					hugepages: "0:46,1:62",
				},
			},
		},
		finds: [],
	},
	{
		rule: "memoryFits",
		name: "pages of the command line, spread over the nodes",
		change: {
			tuning: {
				hugePages: null,
				kernelCommandLine: { default_hugepagesz: "1g", hugepages: 94 },
			},
		},
		finds: [`${line}.hugepages`],
	},
	{
		rule: "memoryFits",
		name: "pages of the command line beside those of another size",
		change: {
			tuning: {
				hugePages: { "2M": null, "1G": { node0: 24 } },
				kernelCommandLine: { hugepages: [23040, 1] },
			},
		},
		finds: [`${line}.hugepages`],
	},
	{
		rule: "memoryFits",
		name: "one pool, asked for three times",
		change: {
			tuning: {
				hugePages: { "2M": { node0: 23552 } },
				kernelCommandLine: { hugepages: 47104 },
				sysctl: { "vm.nr_hugepages": 47104 },
			},
		},
		finds: [],
	},
	{
		rule: "memoryFits",
		name: "the sysctl that spreads them",
		change: {
			tuning: { hugePages: null, sysctl: { "vm.nr_hugepages": 47106 } },
		},
		finds: ["tuning.sysctl.vm.nr_hugepages"],
	},
	{
		rule: "nodesExist",
		name: "a node of the command line that is not there",
		change: { tuning: { kernelCommandLine: { hugepages: "0:8,2:8" } } },
		finds: [`${line}.hugepages`],
	},
	{
		rule: "requiredHugePages",
		name: "pages of the command line",
		change: {
			tuning: {
				hugePages: null,
				kernelCommandLine: { hugepages: "0:4096" },
			},
			applications: { "fx-store": { path: "/usr/bin/fx", hugetlbfs: true } },
		},
		finds: [],
	},
	{
		rule: "requiredHugePages",
		name: "a page less than that",
		change: {
			tuning: { hugePages: null, kernelCommandLine: { hugepages: 4095 } },
			applications: { "fx-store": { path: "/usr/bin/fx", hugetlbfs: true } },
		},
		finds: [`${line}.hugepages`],
	},
	{
		rule: "hugePagesOnCpuNode",
		name: "pages of the command line on the other socket only",
		change: {
			tuning: {
				hugePages: null,
				kernelCommandLine: { hugepages: "1:512" },
			},
		},
		finds: ["tuning.hugePages"],
	},
	{
		rule: "hugePagesOnCpuNode",
		name: "pages of the command line on every node",
		change: {
			tuning: { hugePages: null, kernelCommandLine: { hugepages: 512 } },
		},
		finds: [],
	},
	{
		rule: "requiredHugePages",
		name: "an application that maps what is not there",
		change: { tuning: { hugePages: null } },
		finds: ["tuning"],
	},
	{
		rule: "requiredHugePages",
		name: "FX-Store with a page less than 8 GiB",
		change: {
			tuning: { hugePages: { "2M": { node0: 4095 } } },
			applications: { "fx-store": { path: "/usr/bin/fx", hugetlbfs: true } },
		},
		finds: ["tuning.hugePages.2M"],
	},
	{
		rule: "requiredHugePages",
		name: "FX-Store with 8 GiB",
		change: {
			tuning: { hugePages: { "2M": { node0: 4096 } } },
			applications: { "fx-store": { path: "/usr/bin/fx", hugetlbfs: true } },
		},
		finds: [],
	},
	{
		rule: "memoryOnCpuNode",
		name: "memory of the other socket",
		change: { applications: { engine: { numactl: { membind: 1 } } } },
		finds: ["applications.engine.numactl.membind"],
	},
	{
		rule: "memoryOnCpuNode",
		name: "bound to one node's CPUs and pinned to another's",
		change: { applications: { engine: { numactl: { cpunodebind: 1 } } } },
		finds: ["applications.engine.numactl.cpunodebind"],
	},
	{
		rule: "memoryOnCpuNode",
		name: "interleaved on purpose",
		change: {
			applications: {
				engine: { numactl: { membind: null, interleave: "all" } },
			},
		},
		finds: [],
	},
	{
		rule: "hugePagesOnCpuNode",
		name: "pages on the other socket only",
		change: {
			tuning: { hugePages: { "2M": { node0: null, node1: 512 } } },
		},
		finds: ["tuning.hugePages"],
	},
	{
		rule: "hugePagesOnCpuNode",
		name: "no page there is not one page",
		change: { tuning: { hugePages: { "2M": { node0: 0, node1: 512 } } } },
		finds: ["tuning.hugePages"],
	},
	{
		rule: "hugePagesOnCpuNode",
		name: "bound to the memory of a node without pages",
		change: { applications: { engine: { numactl: { membind: 1 } } } },
		finds: ["tuning.hugePages"],
	},
	{
		rule: "hugePagesOnCpuNode",
		name: "pages where its memory is bound",
		change: {
			tuning: { hugePages: { "2M": { node0: null, node1: 512 } } },
			applications: { engine: { numactl: { membind: 1 } } },
		},
		finds: [],
	},
	{
		rule: "hugePagesOnCpuNode",
		name: "not bound, so pages of its CPUs",
		change: {
			tuning: { hugePages: { "2M": { node0: null, node1: 512 } } },
			applications: { engine: { numactl: { membind: null } } },
		},
		finds: ["tuning.hugePages"],
	},
	{
		rule: "applicationOnNicNode",
		name: "polls a NIC of the other socket",
		change: {
			topology: { nics: { eth0: { numaNode: 1 } } },
			tuning: { irqAffinity: { eth0: "8-11" } },
		},
		finds: ["applications.engine"],
	},
	{
		rule: "transparentHugePages",
		name: "always, on isolated CPUs",
		change: { tuning: { memory: { transparentHugePages: "always" } } },
		finds: ["tuning.memory.transparentHugePages"],
	},
	{
		rule: "transparentHugePages",
		name: "not declared, so what the distribution likes",
		change: { tuning: { memory: { transparentHugePages: null } } },
		finds: ["tuning.memory.transparentHugePages"],
	},
	{
		rule: "transparentHugePages",
		name: "the command line says something else",
		change: {
			tuning: { kernelCommandLine: { transparent_hugepage: "madvise" } },
		},
		finds: ["tuning.memory.transparentHugePages"],
	},
	{
		rule: "transparentHugePages",
		name: "for those who ask",
		change: { tuning: { memory: { transparentHugePages: "madvise" } } },
		finds: [],
	},
	{
		rule: "numaBalancing",
		name: "on",
		change: { tuning: { memory: { numaBalancing: "on" } } },
		finds: ["tuning.memory.numaBalancing"],
	},
	{
		rule: "numaBalancing",
		name: "not declared",
		change: { tuning: { memory: { numaBalancing: null } } },
		finds: ["tuning.memory.numaBalancing"],
	},
	{
		rule: "numaBalancing",
		name: "not declared, with one node",
		change: {
			topology: {
				threadsPerCore: 1,
				numaNodes: [{ cpus: "0-7", memoryGiB: 64 }],
				nics: { eno1: null },
			},
			tuning: { memory: { numaBalancing: null } },
		},
		finds: [],
	},
	{
		rule: "numaBalancing",
		name: "off by its sysctl, and 0 is a value",
		change: {
			tuning: {
				memory: { numaBalancing: null },
				sysctl: { "kernel.numa_balancing": 0 },
			},
		},
		finds: [],
	},
	{
		rule: "socketBuffers",
		name: "a byte above the core's maximum",
		change: {
			tuning: { sysctl: { "net.core.rmem_max": { atLeast: 134217727 } } },
		},
		finds: ["tuning.sysctl.net.ipv4.tcp_rmem"],
	},
	{
		rule: "socketBuffers",
		name: "the core's maximum is the kernel's",
		change: { tuning: { sysctl: { "net.core.wmem_max": null } } },
		finds: ["tuning.sysctl.net.ipv4.tcp_wmem"],
	},
	{
		rule: "socketBuffers",
		name: "a default below the minimum",
		change: { tuning: { sysctl: { "net.ipv4.tcp_rmem": "4096 1024 8192" } } },
		finds: ["tuning.sysctl.net.ipv4.tcp_rmem"],
	},
];

export const applicationCases: readonly RuleCase[] = [
	{
		rule: "applicationCpusIsolated",
		name: "one CPU that every process may use",
		change: {
			tuning: { irqAffinity: { default: "0-2", others: "0-2" } },
			applications: { engine: { taskset: "3-7" } },
		},
		finds: ["applications.engine.taskset"],
	},
	{
		rule: "applicationCpusIsolated",
		name: "threads that are all aside",
		change: { applications: { engine: { threads: { log: { cpus: "0-1" } } } } },
		finds: [],
	},
	{
		rule: "applicationCpusIsolated",
		name: "threads half aside",
		change: { applications: { engine: { threads: { log: { cpus: "3-4" } } } } },
		finds: ["applications.engine.threads.log.cpus"],
	},
	{
		rule: "applicationsApart",
		name: "one CPU for two",
		change: {
			applications: { other: { path: "/usr/bin/other", taskset: "7" } },
		},
		finds: ["applications.other"],
	},
	{
		rule: "applicationsApart",
		name: "each its own, and loggers together",
		change: {
			applications: {
				engine: { taskset: "4-6", threads: { log: { cpus: 0 } } },
				other: {
					path: "/usr/bin/other",
					taskset: "7",
					threads: { log: { cpus: 0 } },
				},
			},
		},
		finds: [],
	},
	{
		rule: "realTimeDecided",
		name: "above RCU, and nothing said of throttling",
		change: { tuning: { sysctl: { "kernel.sched_rt_runtime_us": null } } },
		finds: ["applications.engine"],
	},
	{
		rule: "realTimeDecided",
		name: "below RCU's threads",
		change: {
			tuning: {
				sysctl: { "kernel.sched_rt_runtime_us": null },
				kernelCommandLine: { "rcutree.kthread_prio": 11 },
			},
		},
		finds: [],
	},
	{
		rule: "realTimeDecided",
		name: "as high as RCU's threads, of one thread only",
		change: {
			tuning: {
				sysctl: { "kernel.sched_rt_runtime_us": null },
				kernelCommandLine: { "rcutree.kthread_prio": 11 },
			},
			applications: {
				engine: { threads: { io: { policy: "fifo", priority: 11 } } },
			},
		},
		finds: ["applications.engine"],
	},
	{
		rule: "realTimeDecided",
		name: "no real-time priority, whatever RCU's threads have",
		change: {
			tuning: { sysctl: { "kernel.sched_rt_runtime_us": null } },
			applications: { engine: { scheduler: null } },
		},
		finds: [],
	},
	{
		rule: "applicationLimits",
		name: "a lower priority than it runs at",
		change: { applications: { engine: { limits: { rtprio: 9 } } } },
		finds: ["applications.engine.limits.rtprio"],
	},
	{
		rule: "applicationLimits",
		name: "the very priority, the very memory, the very files",
		change: {
			applications: {
				engine: {
					limits: { rtprio: 10, memlock: 17179869184, nofile: 1048576 },
				},
			},
		},
		finds: [],
	},
	{
		rule: "applicationLimits",
		name: "a byte and a file too few and too many",
		change: {
			applications: {
				engine: { limits: { memlock: 17179869183, nofile: 1048577 } },
			},
		},
		finds: [
			"applications.engine.limits.memlock",
			"applications.engine.limits.nofile",
		],
	},
];

const until = (day: string) => ({ owner: "sre", reason: "lab", until: day });
const insecure = { kernelCommandLine: { mitigations: "off" } };

export const securityCases: readonly RuleCase[] = [
	{
		rule: "noPasswords",
		name: "a password",
		change: { connection: { passwordSecret: "password" } },
		finds: ["connection.passwordSecret"],
	},
	{
		rule: "noPasswords",
		name: "a password of the hop",
		change: {
			connection: {
				proxy: {
					host: "192.0.2.9",
					hostKey: ed25519(9),
					passwordSecret: "p",
				},
			},
		},
		finds: ["connection.proxy.passwordSecret"],
	},
	{
		rule: "mitigations",
		name: "off without a word",
		change: { tuning: insecure },
		finds: ["tuning.kernelCommandLine.mitigations"],
	},
	{
		rule: "mitigations",
		name: "one by one",
		change: { tuning: { kernelCommandLine: { nopti: true, mds: "off" } } },
		finds: ["tuning.kernelCommandLine.nopti", "tuning.kernelCommandLine.mds"],
	},
	{
		rule: "mitigations",
		name: "an exception, on its last day",
		change: {
			tuning: insecure,
			exceptions: { mitigations: until("2026-11-21") },
		},
		finds: [],
	},
	{
		rule: "mitigations",
		name: "an exception that ended yesterday",
		change: {
			tuning: insecure,
			exceptions: { mitigations: until("2026-11-20") },
		},
		finds: ["tuning.kernelCommandLine.mitigations"],
	},
	{
		rule: "mitigations",
		name: "said to be on",
		change: {
			tuning: { kernelCommandLine: { mitigations: "auto", nopti: false } },
		},
		finds: [],
	},
	{
		rule: "mitigations",
		name: "newer ones, and names with -",
		change: {
			tuning: {
				kernelCommandLine: {
					"spec-rstack-overflow": "off",
					spectre_bhi: "off",
					indirect_target_selection: "off",
					tsa: "off",
					vmscape: "off",
				},
			},
		},
		finds: [
			"tuning.kernelCommandLine.spec-rstack-overflow",
			"tuning.kernelCommandLine.spectre_bhi",
			"tuning.kernelCommandLine.indirect_target_selection",
			"tuning.kernelCommandLine.tsa",
			"tuning.kernelCommandLine.vmscape",
		],
	},
	{
		rule: "mitigations",
		name: "one of several values",
		change: {
			tuning: {
				kernelCommandLine: {
					mitigations: ["auto", "off"],
					tsa: ["on", "user"],
				},
			},
		},
		finds: ["tuning.kernelCommandLine.mitigations"],
	},
	{
		rule: "nosmtParameter",
		name: "nosmt",
		change: { tuning: { kernelCommandLine: { nosmt: "force" } } },
		finds: ["tuning.kernelCommandLine.nosmt"],
	},
	{
		rule: "nosmtParameter",
		name: "said not to be there",
		change: { tuning: { kernelCommandLine: { nosmt: false } } },
		finds: [],
	},
	{
		rule: "exceptionsInForce",
		name: "until today",
		change: { exceptions: { mitigations: until("2026-11-21") } },
		finds: ["exceptions.mitigations"],
	},
	{
		rule: "exceptionsExpired",
		name: "until yesterday",
		change: { exceptions: { mitigations: until("2026-11-20") } },
		finds: ["exceptions.mitigations.until"],
	},
	{
		rule: "exceptionsExpired",
		name: "cannot be excepted itself",
		change: {
			exceptions: {
				mitigations: until("2026-11-20"),
				exceptionsExpired: until("2027-01-01"),
			},
		},
		finds: ["exceptions.mitigations.until"],
	},
	{
		rule: "exceptionsNamed",
		name: "a rule that is not there",
		change: { exceptions: { mitigation: until("2027-01-01") } },
		finds: ["exceptions.mitigation"],
	},
	{
		rule: "exceptionsNamed",
		name: "rules about EC2 resources have no exceptions",
		change: { exceptions: { ec2MetalType: until("2027-01-01") } },
		finds: ["exceptions.ec2MetalType"],
	},
];

const shards = { a: { shard: "s1" }, b: { shard: "s1" } };
const third = { c: {} };

export const fleetCases: readonly RuleCase[] = [
	{
		rule: "rolloutLimited",
		name: "all at once",
		change: { rollout: { maxUnavailable: null } },
		finds: ["rollout.maxUnavailable"],
	},
	{
		rule: "rolloutLimited",
		name: "as many as there are",
		change: { rollout: { maxUnavailable: 2 } },
		finds: ["rollout.maxUnavailable"],
	},
	{
		rule: "rolloutLimited",
		name: "one stays",
		change: { rollout: { maxUnavailable: 2 } },
		machines: third,
		finds: [],
	},
	{
		rule: "shardsApart",
		name: "two of a shard in two chains",
		change: { rollout: { maxUnavailable: 2 } },
		machines: { ...shards, ...third },
		finds: ["shard"],
	},
	{
		rule: "shardsApart",
		name: "one after the other",
		machines: shards,
		finds: [],
	},
	{
		rule: "shardsApart",
		name: "a person reboots",
		change: { rollout: { maxUnavailable: 2, reboot: "manual" } },
		machines: { ...shards, ...third },
		finds: [],
	},
	{
		rule: "shardsApart",
		name: "the canary is waited for",
		change: { rollout: { maxUnavailable: 2, canary: "a" } },
		machines: { ...shards, ...third },
		finds: [],
	},
	{
		rule: "rolesIdentical",
		name: "one host has a value of its own",
		machines: { b: { tuning: { sysctl: { "vm.swappiness": 1 } } } },
		finds: ["tuning.sysctl.vm.swappiness"],
	},
	{
		rule: "kernelParametersSame",
		name: "one host boots otherwise",
		machines: { b: { tuning: { kernelCommandLine: { skew_tick: 1 } } } },
		finds: ["tuning.kernelCommandLine.skew_tick"],
	},
	{
		rule: "kernelParametersSame",
		name: "not there is not there, however it is said",
		machines: { b: { tuning: { kernelCommandLine: { skew_tick: false } } } },
		finds: [],
	},
	{
		rule: "kernelParametersSame",
		name: "one parameter, in another spelling",
		machines: {
			b: {
				tuning: { kernelCommandLine: { nohz_full: null, "nohz-full": "4-7" } },
			},
		},
		finds: [],
	},
	{
		rule: "hostKeysUnique",
		name: "a key from an image",
		machines: { b: { hostKey: ed25519(1) } },
		finds: ["hostKey"],
	},
];
