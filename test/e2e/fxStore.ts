/**
 * What the FX-Store guide asks of its machine, scaled to the lab's: two cores
 * of the second socket are isolated where the guide has eight, and its 8192
 * huge pages are 192. See docs/coverage.md for the guide's own numbers.
 */
import type { Sections } from "./lab";

/** All of it, at once. */
export const fxStore: Sections = {
	packages: { numactl: "present", procps: "present" },
	irqbalance: "off",
	kernelCommandLine: { isolcpus: "4-7", nohz_full: "4-7", rcu_nocbs: "4-7" },
	smt: "off",
	sysctl: {
		"net.core.rmem_max": { atLeast: 134217728 },
		"net.ipv4.tcp_rmem": "4096 87380 134217728",
		"net.ipv4.tcp_fastopen": 3,
	},
	hugePages: {
		"2M": { node0: 64, node1: 128 },
		mounts: [{ path: "/mnt/hugepages", size: "2M" }],
	},
	memory: { numaBalancing: "off", transparentHugePages: "never", swap: "off" },
	ethtool: {
		nic1: {
			channels: { combined: 8 },
			rings: { rx: 4096, tx: 4096 },
			coalescing: { rxUsecs: 0, txUsecs: 0 },
			offloads: { gro: "off", gso: "off", tso: "off" },
		},
	},
	xdp: {
		nic1: {
			object: "/usr/local/lib/xdp_pass.o",
			section: "xdp",
			mode: "generic",
		},
	},
	irqAffinity: { nic1: "0,2", default: "0,2" },
	workqueue: { cpus: "0-3" },
	limits: {
		"@lowlatency": { memlock: "unlimited", rtprio: 99, nofile: 65536 },
	},
};
