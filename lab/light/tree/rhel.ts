/**
 * Common to RHEL and its rebuilds: Boot Loader Specification entries, no
 * update-grub, an unused grub.d, and rpm.
 */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is GRUB's
import { kernelConfig, mounts } from "./base";
import { lines, type Nodes, readOnly } from "./files";
import type { Layout } from "./layout";
import { cron, irqbalance } from "./services";

/** The differences between them. */
export interface RhelLayout {
	readonly kernel: string;
	readonly olderKernel: string;
	readonly osRelease: readonly string[];
	/** Disks as in proc/mounts; `/boot` may be a separate one. */
	readonly disks: readonly string[];
	/** Where GRUB finds a kernel: `/` or `/boot/`. */
	readonly images: string;
	readonly root: string;
	/** Arguments of the installation, without root. */
	readonly options: string;
	/** etc/kernel/cmdline and GRUB_CMDLINE_LINUX, for new kernels. */
	readonly later: string;
	/** TuneD's addition to every entry: its variables, expanded by GRUB. */
	readonly tuned?: { readonly options: string; readonly initrd: string };
	/** Prefix of file names; an image's entry may have another one. */
	readonly olderMachine: string;
	/** Whether there is an entry with a rescue kernel. */
	readonly rescue: boolean;
	/** The path of rpm's database. */
	readonly database: string;
	/** As rpm knows them: `name state version needs`. */
	readonly packages: readonly string[];
}

/** etc/machine-id of every host; see base.ts. */
const machine = "5bb0a1f0c1de4fd5a6e1c0ffee123456";

/** The layout of one of them. */
export function rhelLayout(layout: RhelLayout): Layout {
	return { kernel: layout.kernel, files: () => rhelFiles(layout) };
}

function rhelFiles(layout: RhelLayout): Nodes {
	const { kernel, olderKernel, root } = layout;
	const rescue = `0-rescue-${machine}`;
	return {
		"proc/cmdline": readOnly(
			`BOOT_IMAGE=(hd0,gpt2)${layout.images}vmlinuz-${kernel} root=${root} ${layout.options}`,
		),
		"proc/version": readOnly(
			`Linux version ${kernel} (mockbuild@iad1) #1 SMP PREEMPT_DYNAMIC`,
		),
		"proc/mounts": mounts(...layout.disks),
		"etc/os-release": lines(...layout.osRelease),
		"etc/default/grub": lines(
			"GRUB_TIMEOUT=5",
			"GRUB_DEFAULT=saved",
			"GRUB_DISABLE_SUBMENU=true",
			`GRUB_CMDLINE_LINUX="${layout.later}"`,
			'GRUB_DISABLE_RECOVERY="true"',
			"GRUB_ENABLE_BLSCFG=true",
		),
		"etc/kernel/cmdline": lines(`root=${root} ${layout.later}`),
		[layout.database]: lines(...layout.packages),
		...grubFiles(kernel),
		...kernelFiles(layout, machine, kernel, kernel),
		...kernelFiles(layout, layout.olderMachine, olderKernel, olderKernel),
		...(layout.rescue ? kernelFiles(layout, machine, "0-rescue", rescue) : {}),
		...cron("crond"),
		...irqbalance("etc/sysconfig/irqbalance"),
		"etc/sysctl.conf": lines("# sysctl settings are defined through files in"),
		"etc/sysctl.d/99-sysctl.conf": { link: "../sysctl.conf" },
		"usr/lib/sysctl.d/50-default.conf": lines(
			"kernel.sysrq = 0x01b6",
			"net.ipv4.conf.*.rp_filter = 2",
			"-net.ipv4.conf.all.rp_filter",
		),
		"usr/lib/sysctl.d/50-redhat.conf": lines("kernel.kptr_restrict = 0"),
	};
}

function grubFiles(kernel: string): Nodes {
	return {
		"boot/grub2/grubenv": lines(
			"# GRUB Environment Block",
			`saved_entry=${machine}-${kernel}`,
			"boot_success=1",
		),
		"boot/grub2/grub.cfg": lines(
			"insmod blscfg",
			"blscfg",
			"if [ -f  ${config_directory}/custom.cfg ]; then",
			"  source ${config_directory}/custom.cfg",
			"fi",
		),
	};
}

function kernelFiles(
	layout: RhelLayout,
	owner: string,
	name: string,
	version: string,
): Nodes {
	const { images, tuned } = layout;
	const title = layout.osRelease[0]?.replace(/^NAME="(.*)"$/, "$1") ?? "";
	// TuneD does not change the rescue entry.
	const added = name === version ? tuned : undefined;
	const words = (...parts: readonly (string | undefined)[]): string =>
		parts.filter((part) => part !== undefined).join(" ");
	return {
		[`boot/loader/entries/${owner}-${name}.conf`]: lines(
			`title ${title} (${version})`,
			`version ${version}`,
			`linux ${images}vmlinuz-${version}`,
			words(`initrd ${images}initramfs-${version}.img`, added?.initrd),
			words(`options root=${layout.root}`, layout.options, added?.options),
			"grub_users $grub_users",
			"grub_arg --unrestricted",
			"grub_class rhel",
		),
		[`boot/vmlinuz-${version}`]: { text: "" },
		[`boot/config-${version}`]: kernelConfig,
	};
}
