/** Common to all distributions: identity, mounts and shared files. */
import { below, lines, type Node, type Nodes, readOnly } from "./files";

export const rootDevice = "UUID=5f6d1c6e-3b5a-4c0e-9d53-6a4f2f0d7a11";

export function baseFiles(release: string): Nodes {
	return {
		...below("proc", {
			"sys/kernel/osrelease": readOnly(release),
			"sys/kernel/random/boot_id": readOnly(
				"0d6f8f0a-5a3e-4a0b-9a77-2f1c6b1d9e10",
			),
			// A simulated host's uptime is always short.
			uptime: readOnly("35.20 260.41"),
			mounts: mounts("/dev/nvme0n1p1 / ext4 rw,relatime,errors=remount-ro 0 0"),
			filesystems: readOnly(
				["nodev\tsysfs", "nodev\ttmpfs", "nodev\thugetlbfs", "\text4"].join(
					"\n",
				),
			),
		}),
		"etc/fstab": lines(
			`${rootDevice} / ext4 errors=remount-ro 0 1`,
			"/swapfile none swap sw 0 0",
		),
		"etc/machine-id": readOnly("5bb0a1f0c1de4fd5a6e1c0ffee123456"),
		"etc/security/limits.conf": lines(
			"# <domain> <type> <item> <value>",
			"# End of file",
		),
		"etc/security/limits.d": { directory: true },
		...Object.fromEntries(
			["mnt", "run", "usr/local/sbin", "usr/sbin", "var/lib", "var/log"].map(
				(path) => [path, { directory: true } as const],
			),
		),
		root: { directory: true, mode: 0o700 },
		tmp: { directory: true, mode: 0o1777 },
	};
}

/** proc/mounts of a host with these disks. */
export function mounts(...disks: readonly string[]): Node {
	return readOnly(
		[
			"sysfs /sys sysfs rw,nosuid,nodev,noexec,relatime 0 0",
			"proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0",
			...disks,
			"tmpfs /run tmpfs rw,nosuid,nodev,size=1638400k,mode=755 0 0",
			"tmpfs /dev/shm tmpfs rw,nosuid,nodev 0 0",
		].join("\n"),
	);
}

/** The kernel's build configuration: only lines that tuning depends on. */
export const kernelConfig = lines(
	"# Linux/x86 Kernel Configuration",
	"CONFIG_SMP=y",
	"CONFIG_NUMA=y",
	"CONFIG_NUMA_BALANCING=y",
	"CONFIG_NO_HZ_COMMON=y",
	"# CONFIG_NO_HZ_IDLE is not set",
	"CONFIG_NO_HZ_FULL=y",
	"CONFIG_RCU_NOCB_CPU=y",
	"CONFIG_CPU_ISOLATION=y",
	"CONFIG_HOTPLUG_CPU=y",
	"CONFIG_TRANSPARENT_HUGEPAGE=y",
	"CONFIG_KSM=y",
	"CONFIG_HUGETLBFS=y",
	"CONFIG_HUGETLB_PAGE=y",
	"CONFIG_BPF_SYSCALL=y",
	"CONFIG_XDP_SOCKETS=y",
);
