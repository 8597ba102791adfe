/**
 * QEMU's arguments for the test VM: two sockets with two cores of two threads each,
 * two NUMA nodes with 2 GiB each, an igb NIC on either node, a virtio NIC for
 * logins, and an empty slot for an NVMe disk.
 */

/** The accelerator that executes the machine's instructions. */
export type Accelerator = "kvm" | "tcg";

export interface MachineArguments {
	readonly accelerator: Accelerator;
	/** The machine's disk, in qcow2. */
	readonly disk: string;
	/** Port on 127.0.0.1 that is forwarded to the machine's sshd. */
	readonly sshPort: number;
	/** A snapshot's state, to resume instead of a boot. */
	readonly state?: string;
}

/** Names in the machine's directory, QEMU's working directory. */
export const machineFiles = {
	console: "console.log",
	monitor: "monitor.sock",
	agent: "agent.sock",
	nvme: "nvme.raw",
} as const;

/** The slot for the NVMe disk, which QEMU cannot include in a snapshot. */
export const nvmeSlot = "slot_nvme";

// SMT can be switched on Intel's CPUs only, under emulation. Multi-threaded TCG
// would boot it in half the time, but one boot in eight then loses an interrupt and
// hangs, or aborts in QEMU (its issue 1921).
const processors: { readonly [accelerator in Accelerator]: readonly string[] } =
	{
		tcg: [
			"-accel",
			"tcg,thread=single,tb-size=256",
			"-cpu",
			"max,vendor=GenuineIntel,family=6,model=85,stepping=7,la57=off,svm=off",
		],
		// On AMD, QEMU shows a core's threads only with topoext.
		kvm: ["-accel", "kvm", "-cpu", "host,topoext=on"],
	};

/** Only the CPUs. */
export function processorArguments(
	accelerator: Accelerator,
): readonly string[] {
	return [...processors[accelerator], "-smp", "8,sockets=2,cores=2,threads=2"];
}

const memory = [
	"-m",
	"4G",
	...[0, 1].flatMap((node) => [
		"-object",
		`memory-backend-ram,id=ram${node},size=2G`,
		"-numa",
		`node,nodeid=${node},cpus=${node * 4}-${node * 4 + 3},memdev=ram${node}`,
	]),
	"-numa",
	"dist,src=0,dst=1,val=21",
];

/** A NIC with real queues, rings and interrupts, on a PCI bus of a node. */
function nic(node: number): readonly string[] {
	return [
		"-device",
		`pxb-pcie,id=bus_node${node},bus_nr=${64 + 64 * node},numa_node=${node},bus=pcie.0`,
		"-device",
		`pcie-root-port,id=slot_nic${node},bus=bus_node${node},chassis=${node + 1}`,
		"-netdev",
		`user,id=nic${node},restrict=on,net=10.0.${3 + node}.0/24`,
		"-device",
		`igb,bus=slot_nic${node},netdev=nic${node},mac=52:54:00:00:00:0${2 + node}`,
	];
}

function socket(name: string, path: string): readonly string[] {
	return ["-chardev", `socket,id=${name},path=${path},server=on,wait=off`];
}

/** Everything after `qemu-system-x86_64`. */
export function machineArguments(machine: MachineArguments): readonly string[] {
	const { disk, sshPort, state } = machine;
	return [
		"-nodefaults",
		"-no-user-config",
		"-display",
		"none",
		"-machine",
		"q35",
		...processorArguments(machine.accelerator),
		...memory,
		"-drive",
		// Data that the machine has flushed survives its power cut while this
		// process lives. It need not survive a crash of the machine that runs QEMU.
		`file=${disk},if=none,id=disk,format=qcow2,cache=unsafe`,
		"-device",
		"virtio-blk-pci,bus=pcie.0,drive=disk",
		"-netdev",
		`user,id=mgmt0,restrict=on,net=10.0.2.0/24,hostfwd=tcp:127.0.0.1:${sshPort}-10.0.2.15:22`,
		"-device",
		"virtio-net-pci,bus=pcie.0,netdev=mgmt0,mac=52:54:00:00:00:01",
		...nic(0),
		...nic(1),
		"-device",
		`pcie-root-port,id=${nvmeSlot},bus=pcie.0,chassis=3`,
		"-device",
		"virtio-rng-pci,bus=pcie.0",
		...socket("monitor", machineFiles.monitor),
		"-mon",
		"chardev=monitor,mode=control",
		...socket("agent", machineFiles.agent),
		"-device",
		"virtio-serial-pci,bus=pcie.0",
		"-device",
		"virtserialport,chardev=agent,name=org.qemu.guest_agent.0",
		"-serial",
		`file:${machineFiles.console}`,
		...(state === undefined ? [] : ["-incoming", `exec:cat '${state}'`]),
	];
}
