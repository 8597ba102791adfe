/**
 * The machine of every simulated host: 2 sockets of 4 cores with 2 threads,
 * numbered as Intel firmware does (CPU n and n + 8 share a core), and one NUMA node
 * of 8 GiB and one NIC per socket.
 */
export const cpus: readonly {
	readonly number: number;
	readonly node: number;
	readonly core: number;
}[] = Array.from({ length: 16 }, (_, number) => ({
	number,
	node: Math.floor((number % 8) / 4),
	core: number % 4,
}));

export const nodeCpuList = ["0-3,8-11", "4-7,12-15"] as const;

export const nics = [
	{ name: "eth0", node: 0, pci: "0000:18:00.0", firstIrq: 40 },
	{ name: "eth1", node: 1, pci: "0000:af:00.0", firstIrq: 60 },
] as const;

/** Queues of each NIC; interrupt n + 1 of a NIC serves queue n. */
export const nicQueues = 8;
