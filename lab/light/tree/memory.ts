/** Memory, huge page pools, transparent huge pages, KSM and swap. */
import { below, lines, type Node, type Nodes, readOnly } from "./files";
import { nodeCpuList } from "./simulatedMachine";

const nodeKilobytes = 8 * 1024 * 1024;
const nodeUsedKilobytes = 480 * 1024;
const pools = ["hugepages-2048kB", "hugepages-1048576kB"] as const;

/** A page for the swap header and a little under a megabyte to swap to. */
export const swapFileBytes = 1024 * 1024;
const swapKilobytes = swapFileBytes / 1024 - 4;

export function memoryFiles(): Nodes {
	return {
		"proc/meminfo": machineMemory(),
		"proc/swaps": {
			text: `Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n${"/swapfile".padEnd(40)}file\t\t${swapKilobytes}\t\t0\t\t-2\n`,
			mode: 0o444,
		},
		...below("sys/kernel/mm", {
			"transparent_hugepage/enabled": lines("always [madvise] never"),
			"transparent_hugepage/defrag": lines(
				"always defer defer+madvise [madvise] never",
			),
			"transparent_hugepage/khugepaged/defrag": lines("1"),
			"ksm/run": lines("0"),
			"ksm/pages_to_scan": lines("100"),
			...Object.assign({}, ...pools.map(machinePool)),
		}),
		...Object.assign({}, ...nodeCpuList.map(oneNode)),
		"sys/devices/system/node/online": readOnly("0-1"),
		"sys/devices/system/node/has_memory": readOnly("0-1"),
		"sys/devices/system/node/possible": readOnly("0-1"),
	};
}

function machinePool(pool: string): Nodes {
	return below(`hugepages/${pool}`, {
		nr_hugepages: lines("0"),
		nr_hugepages_mempolicy: lines("0"),
		nr_overcommit_hugepages: lines("0"),
		free_hugepages: readOnly("0"),
		resv_hugepages: readOnly("0"),
		surplus_hugepages: readOnly("0"),
	});
}

function nodePool(pool: string): Nodes {
	return below(`hugepages/${pool}`, {
		nr_hugepages: lines("0"),
		free_hugepages: readOnly("0"),
		surplus_hugepages: readOnly("0"),
	});
}

function oneNode(cpuList: string, node: number): Nodes {
	const kilobytes = (name: string, value: number): string =>
		`Node ${node} ${name.padEnd(10)}${String(value).padStart(14)} kB`;
	const pages = (name: string): string => `Node ${node} ${name}     0`;
	return below(`sys/devices/system/node/node${node}`, {
		cpulist: readOnly(cpuList),
		distance: readOnly(node === 0 ? "10 21" : "21 10"),
		meminfo: readOnly(
			[
				kilobytes("MemTotal:", nodeKilobytes),
				kilobytes("MemFree:", nodeKilobytes - nodeUsedKilobytes),
				kilobytes("MemUsed:", nodeUsedKilobytes),
				pages("HugePages_Total:"),
				pages("HugePages_Free: "),
				pages("HugePages_Surp: "),
			].join("\n"),
		),
		...Object.assign({}, ...pools.map(nodePool)),
	});
}

function machineMemory(): Node {
	const free = 2 * (nodeKilobytes - nodeUsedKilobytes);
	const kilobytes = (name: string, value: number): string =>
		`${`${name}:`.padEnd(16)}${String(value).padStart(8)} kB`;
	const pages = (name: string): string =>
		`${`HugePages_${name}:`.padEnd(16)}${"0".padStart(8)}`;
	return readOnly(
		[
			kilobytes("MemTotal", 2 * nodeKilobytes),
			kilobytes("MemFree", free),
			kilobytes("MemAvailable", free + 128 * 1024),
			kilobytes("Buffers", 26264),
			kilobytes("Cached", 389936),
			kilobytes("SwapCached", 0),
			kilobytes("SwapTotal", swapKilobytes),
			kilobytes("SwapFree", swapKilobytes),
			kilobytes("AnonHugePages", 0),
			pages("Total"),
			pages("Free"),
			pages("Rsvd"),
			pages("Surp"),
			kilobytes("Hugepagesize", 2048),
			kilobytes("Hugetlb", 0),
		].join("\n"),
	);
}
