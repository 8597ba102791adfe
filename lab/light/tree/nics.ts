/**
 * ethtool's output for the lab's NICs, as files below the interface, where the fake
 * ethtool keeps its state: each is the text of one option. The simulated driver
 * resembles igb.
 */
import { lines, type Nodes, readOnly } from "./files";
import { nicQueues } from "./simulatedMachine";

/** Files of one interface, relative to its directory in sysfs. */
export function interfaceFiles(name: string): Nodes {
	const queues = Array.from({ length: nicQueues }, (_, queue) => ({
		[`queues/rx-${queue}/rps_cpus`]: lines("0000"),
		[`queues/rx-${queue}/rps_flow_cnt`]: lines("0"),
		[`queues/tx-${queue}/xps_cpus`]: lines("0000"),
	}));
	return {
		...Object.assign({}, ...queues),
		operstate: readOnly("up"),
		"ethtool.lab/l": sizes("Channel", name, ["n/a", "n/a", "1", "8"]),
		"ethtool.lab/g": sizes("Ring", name, ["256", "n/a", "n/a", "256"]),
		"ethtool.lab/c": coalescing(name),
		"ethtool.lab/k": offloads(name),
		"ethtool.lab/p": lines(
			`Private flags for ${name}:`,
			"legacy-rx : off",
			"loopback  : off",
		),
		"ethtool.lab/n.tcp4": flowHash("TCP", true),
		"ethtool.lab/n.udp4": flowHash("UDP", false),
	};
}

const maximums: { readonly [kind: string]: readonly string[] } = {
	Channel: ["n/a", "n/a", "1", "8"],
	Ring: ["4096", "n/a", "n/a", "4096"],
};
const labels: { readonly [kind: string]: readonly string[] } = {
	Channel: ["RX", "TX", "Other", "Combined"],
	Ring: ["RX", "RX Mini", "RX Jumbo", "TX"],
};

function sizes(kind: string, name: string, now: readonly string[]) {
	const rows = (values: readonly string[] = []) =>
		values.map((value, i) => `${labels[kind]?.[i]}:\t\t${value}`);
	return lines(
		`${kind} parameters for ${name}:`,
		"Pre-set maximums:",
		...rows(maximums[kind]),
		"Current hardware settings:",
		...rows(now),
	);
}

function coalescing(name: string) {
	return lines(
		`Coalesce parameters for ${name}:`,
		"Adaptive RX: on  TX: off",
		"stats-block-usecs: n/a",
		"",
		"rx-usecs: 3",
		"rx-frames: n/a",
		"rx-usecs-irq: n/a",
		"",
		"tx-usecs: 3",
		"tx-frames: n/a",
	);
}

function offloads(name: string) {
	return lines(
		`Features for ${name}:`,
		"rx-checksumming: on",
		"tx-checksumming: on",
		"\ttx-checksum-ipv4: off [fixed]",
		"\ttx-checksum-ip-generic: on",
		"scatter-gather: on",
		"\ttx-scatter-gather: on",
		"tcp-segmentation-offload: on",
		"\ttx-tcp-segmentation: on",
		"\ttx-tcp-mangleid-segmentation: off",
		"\ttx-tcp6-segmentation: on",
		"generic-segmentation-offload: on",
		"generic-receive-offload: on",
		"large-receive-offload: off [fixed]",
		"rx-vlan-offload: on",
		"tx-vlan-offload: on",
		"ntuple-filters: off",
		"receive-hashing: on",
		"highdma: on [fixed]",
		"rx-gro-list: off",
		"hw-tc-offload: off",
	);
}

function flowHash(protocol: string, ports: boolean) {
	return lines(
		`${protocol} over IPV4 flows use these fields for computing Hash flow key:`,
		"IP SA",
		"IP DA",
		...(ports
			? [
					"L4 bytes 0 & 1 [TCP/UDP src port]",
					"L4 bytes 2 & 3 [TCP/UDP dst port]",
				]
			: []),
	);
}
