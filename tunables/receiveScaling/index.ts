/**
 * receiveScaling: the CPUs that process a NIC's received packets (RPS), the CPUs
 * that send by each queue (XPS), and flow steering towards the application (RFS).
 *
 * Mechanism: rps_cpus and rps_flow_cnt of every receive queue, xps_cpus of every
 * transmit queue below /sys/class/net/NIC/queues, one key for all queues of a kind.
 * rfsEntries is the number of flows of the NIC: each receive queue gets its share,
 * and net.core.rps_sock_flow_entries at least the sum over all NICs
 * (Documentation/networking/scaling.rst, "RPS", "RFS", "XPS"). The kernel rounds
 * tables up to a power of two, so only such numbers are valid. metaltune.service
 * sets them again at boot, and whenever a NIC appears.
 *
 * Latency: RPS costs an inter-processor interrupt per batch of packets and is for
 * NICs with fewer queues than CPUs; RFS keeps a flow's packets in the cache of the
 * CPU that reads them.
 *
 * Cannot be undone: nothing; a driver may set its own XPS masks when an interface
 * comes up again.
 *
 * Unsupported: xps on a NIC with one transmit queue, where there is no choice.
 */
import {
	type Infer,
	map,
	object,
	record,
} from "../../inventory/decode/decoder";
import { interfaceName } from "../../inventory/decode/nic";
import { cpuList, integer } from "../../inventory/decode/scalars";
import type { Tunable } from "../../inventory/tunable";
import type { Setting } from "../../model/settings";

function isPowerOfTwo(value: number): boolean {
	return Number.isInteger(Math.log2(value));
}

const decoder = record(
	interfaceName,
	object(
		{
			optional: {
				rps: cpuList("CPUs that process what any queue received"),
				xps: cpuList("CPUs that may send by any queue"),
				rfsEntries: map(
					integer({
						description: "Flows of this interface that are steered",
						min: 1,
						max: 2 ** 24,
						unit: "flows",
					}),
					(flows, fail) =>
						isPowerOfTwo(flows)
							? flows
							: fail(
									`expected a power of two, as the kernel rounds up to one, got ${flows}; write ${2 ** Math.ceil(Math.log2(flows))}`,
								),
				),
			},
		},
		"One network interface",
	),
	"Spreading of packets over CPUs in software",
);

type ReceiveScaling = Infer<typeof decoder>;

function flowTable(spec: ReceiveScaling): readonly Setting[] {
	const flows = Object.values(spec).reduce(
		(sum, { rfsEntries = 0 }) => sum + rfsEntries,
		0,
	);
	if (flows === 0) return [];
	return [
		{
			tunable: "sysctl",
			key: "net.core.rps_sock_flow_entries",
			match: "atLeast",
			value: String(2 ** Math.ceil(Math.log2(flows))),
			effect: "live",
		},
	];
}

function settings(spec: ReceiveScaling): readonly Setting[] {
	return [
		...Object.entries(spec).flatMap(([name, values]) =>
			Object.entries(values).map(
				([key, value]): Setting => ({
					tunable: "receiveScaling",
					key: `${name}.${key}`,
					match: typeof value === "number" ? "exact" : "cpuSet",
					value: String(value),
					effect: "live",
				}),
			),
		),
		...flowTable(spec),
	];
}

export const receiveScaling: Tunable<ReceiveScaling> = {
	name: "receiveScaling",
	docs: {
		summary: "software spreading of packets over CPUs: RPS, XPS and RFS",
		keys: [
			{
				key: "NIC.rps",
				meaning: "CPUs that process what any receive queue took in",
				values: "a CPU list",
			},
			{
				key: "NIC.xps",
				meaning: "CPUs that may send by any transmit queue",
				values: "a CPU list",
			},
			{
				key: "NIC.rfsEntries",
				meaning:
					"flows that are steered to the CPU of their application, shared by the receive queues; also raises net.core.rps_sock_flow_entries",
				values: "a power of two",
			},
		],
		layers: ["live", "boot"],
		needsReboot: "never",
		risks: [
			"RPS interrupts another CPU for every batch of packets: with a queue per CPU it only costs",
			"the kernel leaves isolated CPUs out, or refuses them",
		],
		cannotBeUndone: "nothing",
		persistence:
			"metaltune.service, which udev and the network's own scripts restart when a NIC appears or its interface comes up; the sysctl in sysctl.d",
		sources: ["Documentation/networking/scaling.rst, RPS, RFS and XPS"],
		example: "receiveScaling: {eth0: {rps: 0-3, rfsEntries: 32768}}",
	},
	decoder,
	settings,
};
