/**
 * Hosts that systemd-boot starts: Debian with kernel-install's entries on a mounted
 * EFI system partition, and Proxmox, where proxmox-boot-tool manages unmounted
 * partitions. An unmounted partition is a directory in dev/disk/by-uuid.
 */
import { kernelConfig, mounts } from "./base";
import { type DebianLayout, debianLayout } from "./debian";
import { lines, type Node, type Nodes, readOnly } from "./files";
import type { Layout } from "./layout";

const machine = "5bb0a1f0c1de4fd5a6e1c0ffee123456";
const boot = "boot/efi";
const root = "root=UUID=5f6d1c6e-3b5a-4c0e-9d53-6a4f2f0d7a11 ro";

/** The partitions of a Proxmox host: one for each disk of its mirror. */
const partitions = ["3F1A-77B0", "3F1B-90C4"];

const variables = "sys/firmware/efi/efivars";
const vendor = "4a67b082-0a4c-41cf-b6c7-440b29bb8c4f";

/** An EFI variable: attributes, and UTF-16 that ends with a zero. */
function variable(name: string, text: string): Nodes {
	const utf16 = [...`${text}\0`].map((letter) => `${letter}\0`).join("");
	const node: Node = { text: `\u0006\0\0\0${utf16}` };
	return { [`${variables}/${name}-${vendor}`]: node };
}

/** Without GRUB's files. */
function withoutGrub(nodes: Nodes): Nodes {
	return Object.fromEntries(
		Object.entries(nodes).filter(
			([path]) => !/^(etc\/default\/grub|boot\/grub)/.test(path),
		),
	);
}

/** Debian with its package systemd-boot, and two kernels. */
export function systemdBootLayout(
	layout: DebianLayout & { readonly olderKernel: string },
): Layout {
	const { kernel, olderKernel, running } = layout;
	const options = `${root} ${running}`;
	const identified = `${options} systemd.machine_id=${machine}`;
	const entry = (version: string): Node =>
		lines(
			"title      Debian GNU/Linux 12 (bookworm)",
			`version    ${version}`,
			`machine-id ${machine}`,
			"sort-key   debian",
			`options    ${identified}`,
			`linux      /${machine}/${version}/linux`,
			`initrd     /${machine}/${version}/initrd.img-${version}`,
		);
	return {
		kernel,
		files: () => ({
			...withoutGrub(debianLayout(layout).files()),
			"proc/cmdline": readOnly(
				`initrd=\\${machine}\\${kernel}\\initrd.img-${kernel} ${identified}`,
			),
			"proc/mounts": mounts(
				"/dev/nvme0n1p2 / ext4 rw,relatime,errors=remount-ro 0 0",
				"/dev/nvme0n1p1 /boot/efi vfat rw,relatime,fmask=0077,dmask=0077 0 0",
			),
			"etc/kernel/cmdline": lines(options),
			[`${boot}/EFI/systemd/systemd-bootx64.efi`]: { text: "" },
			[`${boot}/loader/loader.conf`]: lines("timeout 3"),
			[`${boot}/loader/entries/${machine}-${kernel}.conf`]: entry(kernel),
			[`${boot}/loader/entries/${machine}-${olderKernel}.conf`]:
				entry(olderKernel),
			[`boot/vmlinuz-${olderKernel}`]: { text: "" },
			[`boot/config-${olderKernel}`]: kernelConfig,
			...variable("LoaderInfo", "systemd-boot 252.39-1~deb12u2"),
			...variable("LoaderEntrySelected", `${machine}-${kernel}.conf`),
		}),
	};
}

/** Proxmox on a mirror of ZFS, with GRUB installed too. */
export function proxmoxLayout(layout: DebianLayout): Layout {
	const { kernel } = layout;
	const options = `root=ZFS=rpool/ROOT/pve-1 boot=zfs ${layout.running}`;
	const entry = lines(
		"title    Proxmox Virtual Environment",
		`version  ${kernel}`,
		`options  ${options}`,
		`linux    /EFI/proxmox/${kernel}/vmlinuz-${kernel}`,
		`initrd   /EFI/proxmox/${kernel}/initrd.img-${kernel}`,
	);
	const partition = (uuid: string): Nodes => ({
		[`dev/disk/by-uuid/${uuid}/loader/loader.conf`]: lines(
			"timeout 3",
			"default proxmox-*",
		),
		[`dev/disk/by-uuid/${uuid}/loader/entries/proxmox-${kernel}.conf`]: entry,
	});
	return {
		kernel,
		files: () => ({
			...debianLayout(layout).files(),
			"proc/cmdline": readOnly(
				`initrd=\\EFI\\proxmox\\${kernel}\\initrd.img-${kernel} ${options}`,
			),
			"etc/kernel/cmdline": lines(options),
			"etc/kernel/proxmox-boot-uuids": lines(...partitions),
			...Object.assign({}, ...partitions.map(partition)),
			...variable("LoaderInfo", "systemd-boot 255.4-1~bpo12+1"),
			...variable("LoaderEntrySelected", `proxmox-${kernel}.conf`),
		}),
	};
}
