/**
 * What is Debian's own: GRUB with drop-ins, one of which assigns the command
 * line instead of appending, as cloud images ship it.
 */
import { kernelConfig, rootDevice } from "./base";
import { lines, type Nodes, readOnly } from "./files";

export const debianRelease = "6.1.0-28-amd64";

export function debianFiles(): Nodes {
	return {
		"proc/cmdline": readOnly(
			`BOOT_IMAGE=/boot/vmlinuz-${debianRelease} root=${rootDevice} ro console=tty0 console=ttyS0`,
		),
		"proc/version": readOnly(
			`Linux version ${debianRelease} (debian-kernel@lists.debian.org) #1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1`,
		),
		"etc/os-release": lines(
			'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"',
			'NAME="Debian GNU/Linux"',
			'VERSION_ID="12"',
			'VERSION="12 (bookworm)"',
			"VERSION_CODENAME=bookworm",
			"ID=debian",
		),
		"etc/default/grub": lines(
			"# If you change this file, run 'update-grub' afterwards to update",
			"# /boot/grub/grub.cfg.",
			"",
			"GRUB_DEFAULT=0",
			"GRUB_TIMEOUT=5",
			"GRUB_DISTRIBUTOR=`lsb_release -i -s 2> /dev/null || echo Debian`",
			'GRUB_CMDLINE_LINUX_DEFAULT="quiet"',
			'GRUB_CMDLINE_LINUX=""',
		),
		"etc/default/grub.d/50-cloudimg-settings.cfg": lines(
			"# Cloud image settings",
			'GRUB_CMDLINE_LINUX_DEFAULT="console=tty0 console=ttyS0"',
			"GRUB_TIMEOUT=0",
		),
		"etc/default/irqbalance": lines("#OPTIONS=", "#IRQBALANCE_BANNED_CPULIST="),
		[`boot/vmlinuz-${debianRelease}`]: { text: "" },
		[`boot/initrd.img-${debianRelease}`]: { text: "" },
		[`boot/config-${debianRelease}`]: kernelConfig,
		"boot/grub": { directory: true },
		"var/lib/dpkg/packages.lab": lines(
			"irqbalance ii 1.9.2-1 libnuma1",
			"libnuma1 ii 2.0.16-1 -",
			"sysstat rc 12.6.1-1 -",
		),
		...sysctlFiles(),
	};
}

function sysctlFiles(): Nodes {
	return {
		"etc/sysctl.conf": lines(
			"#",
			"# /etc/sysctl.conf - Configuration file for setting system variables",
			"#",
			"#net.ipv4.ip_forward=1",
		),
		"etc/sysctl.d/99-sysctl.conf": { link: "../sysctl.conf" },
		"etc/sysctl.d/README.sysctl": lines(
			"Kernel system variables configuration files",
		),
		"usr/lib/sysctl.d/50-pid-max.conf": lines("kernel.pid_max = 4194304"),
		"usr/lib/sysctl.d/50-default.conf": lines(
			"# Restrict the use of the magic SysRq key",
			"kernel.sysrq = 0x01b6",
			"-net.ipv4.conf.default.rp_filter = 2",
			"net.ipv4.conf.*.rp_filter = 2",
			"-net.ipv4.conf.all.rp_filter",
		),
		"usr/lib/sysctl.d/99-protect-links.conf": lines(
			"fs.protected_hardlinks = 1",
			"fs.protected_symlinks = 1",
		),
	};
}
