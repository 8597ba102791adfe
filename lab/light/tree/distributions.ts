/**
 * The distributions of simulated hosts, and their differences. lab/light/README.md
 * has the source of every line.
 */
import { type DebianLayout, debianLayout } from "./debian";
import type { Layout } from "./layout";
import { rhelLayout } from "./rhel";
import { cron, irqbalance } from "./services";
import { proxmoxLayout, systemdBootLayout } from "./systemdBoot";

const aptPackages = (
	numa: string,
	sysstat: string,
	...more: readonly string[]
): readonly string[] =>
	[...more, `libnuma1 ii ${numa} -`, `sysstat rc ${sysstat} -`].toSorted();

const ubuntuGrub = [
	"GRUB_DEFAULT=0",
	"GRUB_TIMEOUT_STYLE=hidden",
	"GRUB_TIMEOUT=0",
	"GRUB_DISTRIBUTOR=`lsb_release -i -s 2> /dev/null || echo Debian`",
	'GRUB_CMDLINE_LINUX_DEFAULT="quiet splash"',
	'GRUB_CMDLINE_LINUX=""',
];

const ubuntuCloud = [
	"# Cloud Image specific Grub settings for Generic Cloud Images",
	"GRUB_RECORDFAIL_TIMEOUT=0",
	"GRUB_TIMEOUT=0",
	'GRUB_CMDLINE_LINUX_DEFAULT="console=tty1 console=ttyS0"',
	"GRUB_TERMINAL=console",
];

const ubuntuPartition = "1dff4d14-4e29-4d3b-8e4a-6ab1e1a3c3c5";

const ubuntuSysctls = {
	"etc/sysctl.d/10-kernel-hardening.conf": ["kernel.kptr_restrict = 1"],
	"etc/sysctl.d/10-magic-sysrq.conf": ["kernel.sysrq = 176"],
	"etc/sysctl.d/10-network-security.conf": [
		"net.ipv4.conf.default.rp_filter=2",
		"net.ipv4.conf.all.rp_filter=2",
	],
	"usr/lib/sysctl.d/50-default.conf": [
		"-net.ipv4.conf.default.rp_filter = 2",
		"net.ipv4.conf.*.rp_filter = 2",
		"-net.ipv4.conf.all.rp_filter",
	],
	"usr/lib/sysctl.d/50-pid-max.conf": ["kernel.pid_max = 4194304"],
};

const elCrash = "crashkernel=1G-4G:192M,4G-64G:256M,64G-:512M";
const ec2Console =
	"console=tty0 console=ttyS0,115200n8 nvme_core.io_timeout=4294967295";

const debian: DebianLayout = {
	kernel: "6.1.0-28-amd64",
	build:
		"(debian-kernel@lists.debian.org) #1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1",
	osRelease: [
		'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"',
		'NAME="Debian GNU/Linux"',
		'VERSION_ID="12"',
		'VERSION="12 (bookworm)"',
		"VERSION_CODENAME=bookworm",
		"ID=debian",
	],
	running: "console=tty0 console=ttyS0",
	grub: [
		"GRUB_DEFAULT=0",
		"GRUB_TIMEOUT=5",
		"GRUB_DISTRIBUTOR=`lsb_release -i -s 2> /dev/null || echo Debian`",
		'GRUB_CMDLINE_LINUX_DEFAULT="quiet"',
		'GRUB_CMDLINE_LINUX=""',
	],
	dropIns: {
		"50-cloudimg-settings.cfg": [
			"# Cloud image settings",
			'GRUB_CMDLINE_LINUX_DEFAULT="console=tty0 console=ttyS0"',
			"GRUB_TIMEOUT=0",
		],
	},
	sysctls: {
		"usr/lib/sysctl.d/50-pid-max.conf": ["kernel.pid_max = 4194304"],
		"usr/lib/sysctl.d/50-default.conf": [
			"# Restrict the use of the magic SysRq key",
			"kernel.sysrq = 0x01b6",
			"-net.ipv4.conf.default.rp_filter = 2",
			"net.ipv4.conf.*.rp_filter = 2",
			"-net.ipv4.conf.all.rp_filter",
		],
		"usr/lib/sysctl.d/99-protect-links.conf": [
			"fs.protected_hardlinks = 1",
			"fs.protected_symlinks = 1",
		],
	},
	packages: aptPackages(
		"2.0.16-1",
		"12.6.1-1",
		"irqbalance ii 1.9.2-1 libnuma1",
	),
	more: {
		...cron("cron"),
		...irqbalance("etc/default/irqbalance", [
			"#OPTIONS=",
			"#IRQBALANCE_BANNED_CPULIST=",
		]),
	},
};

/** Distribution to its layout. */
export const layouts = {
	"debian-12": debianLayout(debian),
	"debian-12-systemd-boot": systemdBootLayout({
		...debian,
		olderKernel: "6.1.0-25-amd64",
	}),
	"proxmox-8": proxmoxLayout({
		...debian,
		kernel: "6.8.12-4-pve",
		build: "(build@proxmox) #1 SMP PREEMPT_DYNAMIC PMX 6.8.12-4",
		running: "intel_iommu=on",
	}),
	"ubuntu-22.04": debianLayout({
		kernel: "5.15.0-91-generic",
		build: "(buildd@lcy02-amd64-045) #101-Ubuntu SMP",
		osRelease: [
			'PRETTY_NAME="Ubuntu 22.04.3 LTS"',
			'NAME="Ubuntu"',
			'VERSION_ID="22.04"',
			'VERSION="22.04.3 LTS (Jammy Jellyfish)"',
			"VERSION_CODENAME=jammy",
			"ID=ubuntu",
			"ID_LIKE=debian",
		],
		running: "console=tty1 console=ttyS0",
		grub: ubuntuGrub,
		dropIns: {
			"50-cloudimg-settings.cfg": ubuntuCloud,
			"init-select.cfg": ["# Work around a bug in the obsolete init-select"],
		},
		sysctls: ubuntuSysctls,
		packages: aptPackages(
			"2.0.14-3ubuntu2",
			"12.5.2-2ubuntu0.2",
			"irqbalance ii 1.8.0-1ubuntu0.2 libnuma1",
		),
		more: { ...cron("cron"), ...irqbalance("etc/default/irqbalance") },
	}),
	"ubuntu-24.04": debianLayout({
		kernel: "6.8.0-1021-aws",
		build: "(buildd@lcy02-amd64-118) #23-Ubuntu SMP",
		osRelease: [
			'PRETTY_NAME="Ubuntu 24.04.1 LTS"',
			'NAME="Ubuntu"',
			'VERSION_ID="24.04"',
			'VERSION="24.04.1 LTS (Noble Numbat)"',
			"VERSION_CODENAME=noble",
			"ID=ubuntu",
			"ID_LIKE=debian",
		],
		root: `PARTUUID=${ubuntuPartition}`,
		running:
			"console=tty1 console=ttyS0 nvme_core.io_timeout=4294967295 panic=-1",
		grub: ubuntuGrub,
		dropIns: {
			"40-force-partuuid.cfg": [
				"# Force boot without an initrd, by the root partition's UUID",
				`GRUB_FORCE_PARTUUID=${ubuntuPartition}`,
			],
			"50-cloudimg-settings.cfg": ubuntuCloud.map((line) =>
				line.replace(
					"console=ttyS0",
					"console=ttyS0 nvme_core.io_timeout=4294967295",
				),
			),
		},
		sysctls: ubuntuSysctls,
		packages: aptPackages("2.0.18-1build1", "12.6.1-2"),
		more: cron("cron"),
	}),
	"el-9": rhelLayout({
		kernel: "5.14.0-503.11.1.el9_5.x86_64",
		olderKernel: "5.14.0-427.13.1.el9_4.x86_64",
		osRelease: [
			'NAME="Rocky Linux"',
			'VERSION="9.5 (Blue Onyx)"',
			'ID="rocky"',
			'ID_LIKE="rhel centos fedora"',
			'VERSION_ID="9.5"',
			'PRETTY_NAME="Rocky Linux 9.5 (Blue Onyx)"',
		],
		disks: [
			"/dev/mapper/rl-root / xfs rw,seclabel,relatime,attr2 0 0",
			"/dev/nvme0n1p2 /boot xfs rw,seclabel,relatime,attr2 0 0",
		],
		images: "/",
		root: "/dev/mapper/rl-root",
		options: `ro ${elCrash} rd.lvm.lv=rl/root`,
		later: `${elCrash} rd.lvm.lv=rl/root`,
		olderMachine: "5bb0a1f0c1de4fd5a6e1c0ffee123456",
		rescue: true,
		database: "var/lib/rpm/packages.lab",
		packages: [
			"irqbalance ii 1.9.4-1.el9 numactl-libs",
			"numactl-libs ii 2.0.18-2.el9 -",
		],
	}),
	"el-10": rhelLayout({
		kernel: "6.12.0-211.61.1.el10_2.x86_64",
		olderKernel: "6.12.0-211.53.1.el10_2.x86_64",
		osRelease: [
			'NAME="Red Hat Enterprise Linux"',
			'VERSION="10.2 (Coughlan)"',
			'ID="rhel"',
			'ID_LIKE="centos fedora"',
			'VERSION_ID="10.2"',
			'PRETTY_NAME="Red Hat Enterprise Linux 10.2 (Coughlan)"',
		],
		disks: ["/dev/nvme0n1p3 / xfs rw,seclabel,relatime,attr2 0 0"],
		images: "/boot/",
		root: "UUID=c78c1f15-7ec8-4bc4-b1b6-0e557f828ec1",
		options: `${ec2Console} crashkernel=2G-64G:256M,64G-:512M`,
		later: ec2Console,
		tuned: { options: "$tuned_params", initrd: "$tuned_initrd" },
		olderMachine: "ffffffffffffffffffffffffffffffff",
		rescue: false,
		database: "usr/lib/sysimage/rpm/packages.lab",
		packages: [
			"irqbalance ii 1.9.4-1.el10 numactl-libs",
			"numactl-libs ii 2.0.18-2.el10 -",
		],
	}),
} as const satisfies { readonly [distribution: string]: Layout };

/** A distribution that a simulated host can have. */
export type Distribution = keyof typeof layouts;

/** All of them, in the order of the table. */
export const distributions = Object.keys(layouts) as readonly Distribution[];
