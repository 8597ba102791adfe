/** A machine's hardware as the inventory declares it. Policies use it. */
import type { CpuSet } from "./cpuSet";

/** One NUMA node. */
export interface NumaNode {
	/**
	 * As the firmware numbers them, with the second threads of cores; empty for
	 * a node with memory only, such as HBM, CXL or the memory of an accelerator.
	 */
	readonly cpus: CpuSet;
	readonly memoryGiB: number;
}

/** One network interface. */
export interface Nic {
	/** The node that its PCI bus belongs to. */
	readonly numaNode: number;
	/** The most combined channels, as `ethtool -l` says. */
	readonly maxCombined?: number;
	/** The largest ring in packets, as `ethtool -g` says. */
	readonly maxRing?: number;
	/** Whether SSH connects through it; false when absent. */
	readonly management?: boolean;
}

export interface Topology {
	/** Threads of each core before SMT is switched off. */
	readonly threadsPerCore: number;
	/**
	 * CPUs whose core has no other thread, although `threadsPerCore` is larger:
	 * the efficiency cores of a hybrid processor.
	 */
	readonly singleThreadedCpus?: CpuSet;
	/** The first is node 0. */
	readonly numaNodes: readonly NumaNode[];
	/**
	 * Numbers of a core's threads: `apart` (when absent) are n and n plus the
	 * number of cores, `adjacent` are 2n and 2n + 1; single-threaded CPUs are
	 * left out of the count.
	 */
	readonly siblings?: "apart" | "adjacent";
	readonly nics?: { readonly [name: string]: Nic };
}
