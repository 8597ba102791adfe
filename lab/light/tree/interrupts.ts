/** Interrupts with their affinity, and the NICs whose queues they serve. */
import { below, lines, type Nodes, readOnly } from "./files";
import { interfaceFiles } from "./nics";
import { cpus, nicQueues, nics, nodeCpuList } from "./simulatedMachine";

interface Interrupt {
	readonly number: number;
	readonly chip: string;
	readonly name: string;
	/** The CPU that serves it now. */
	readonly cpu: number;
	/** Spread by the kernel itself, which then refuses every other mask. */
	readonly managed: boolean;
}

export function interruptFiles(): Nodes {
	const all = interrupts();
	return {
		"proc/interrupts": readOnly(table(all)),
		"proc/irq/default_smp_affinity": lines("ffff"),
		...Object.assign({}, ...all.map(oneInterrupt)),
		...Object.assign({}, ...nics.map(oneNic)),
		".lab/managed-irqs": lines(
			...all.filter((irq) => irq.managed).map((irq) => `${irq.number}`),
		),
	};
}

function interrupts(): readonly Interrupt[] {
	const fixed = (number: number, chip: string, name: string): Interrupt => ({
		number,
		chip,
		name,
		cpu: 0,
		managed: false,
	});
	const ofNics = nics.flatMap((nic) => [
		fixed(nic.firstIrq, "PCI-MSI", nic.name),
		// All on CPU 0, since the effective CPU of an interrupt cannot be restored.
		...Array.from({ length: nicQueues }, (_, queue) =>
			fixed(nic.firstIrq + 1 + queue, "PCI-MSI", `${nic.name}-TxRx-${queue}`),
		),
	]);
	const ofDisk = [0, 1, 2, 3].map((queue) => ({
		...fixed(80 + queue, "PCI-MSI", `nvme0q${queue}`),
		cpu: queue * 4,
		managed: queue > 0,
	}));
	return [
		fixed(8, "IO-APIC", "rtc0"),
		fixed(9, "IO-APIC", "acpi"),
		...ofNics,
		...ofDisk,
	];
}

function oneInterrupt(irq: Interrupt): Nodes {
	const list = irq.managed ? `${irq.cpu}-${irq.cpu + 3}` : "0-15";
	const mask = irq.managed ? (0xf << irq.cpu) >>> 0 : 0xffff;
	return below(`proc/irq/${irq.number}`, {
		smp_affinity: lines(mask.toString(16).padStart(4, "0")),
		smp_affinity_list: lines(list),
		effective_affinity_list: readOnly(`${irq.cpu}`),
		[`${irq.name}`]: { directory: true },
	});
}

function table(all: readonly Interrupt[]): string {
	const head = cpus.map((cpu) => `CPU${cpu.number}`.padEnd(11)).join("");
	const rows = all.map((irq) => {
		const counts = cpus
			.map((cpu) => (cpu.number === irq.cpu ? "1042" : "0").padStart(10))
			.join(" ");
		return `${String(irq.number).padStart(4)}: ${counts}  ${irq.chip.padEnd(8)} ${irq.number}-edge      ${irq.name}`;
	});
	return [`           ${head}`, ...rows].join("\n");
}

function oneNic(nic: (typeof nics)[number]): Nodes {
	const device = `sys/devices/pci${nic.pci.slice(0, 7)}/${nic.pci}`;
	const vectors = Array.from({ length: nicQueues + 1 }, (_, vector) => [
		`msi_irqs/${nic.firstIrq + vector}`,
		readOnly("msix"),
	]);
	return {
		...below(device, {
			numa_node: lines(`${nic.node}`),
			local_cpulist: readOnly(nodeCpuList[nic.node] ?? ""),
			vendor: readOnly("0x8086"),
			...Object.fromEntries(vectors),
			...below(`net/${nic.name}`, interfaceFiles(nic.name)),
			[`net/${nic.name}/device`]: { link: "../.." },
		}),
		[`sys/class/net/${nic.name}`]: {
			link: `../../../${device}/net/${nic.name}`,
		},
	};
}
