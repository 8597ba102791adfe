/**
 * What is EL9's own: two Boot Loader Specification entries, no update-grub,
 * and a grub.d that nothing reads.
 */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is GRUB's
import { kernelConfig } from "./base";
import { lines, type Node, type Nodes, readOnly } from "./files";

const machineId = "5bb0a1f0c1de4fd5a6e1c0ffee123456";
export const rhelRelease = "5.14.0-503.11.1.el9_5.x86_64";
const olderRelease = "5.14.0-427.13.1.el9_4.x86_64";
const root = "/dev/mapper/rl-root";
const options =
	"ro crashkernel=1G-4G:192M,4G-64G:256M,64G-:512M rd.lvm.lv=rl/root";

export function rhelFiles(): Nodes {
	return {
		"proc/cmdline": readOnly(
			`BOOT_IMAGE=(hd0,gpt2)/vmlinuz-${rhelRelease} root=${root} ${options}`,
		),
		"proc/version": readOnly(
			`Linux version ${rhelRelease} (mockbuild@iad1) #1 SMP PREEMPT_DYNAMIC`,
		),
		"etc/os-release": lines(
			'NAME="Rocky Linux"',
			'VERSION="9.5 (Blue Onyx)"',
			'ID="rocky"',
			'ID_LIKE="rhel centos fedora"',
			'VERSION_ID="9.5"',
			'PRETTY_NAME="Rocky Linux 9.5 (Blue Onyx)"',
		),
		"etc/default/grub": lines(
			"GRUB_TIMEOUT=5",
			"GRUB_DEFAULT=saved",
			"GRUB_DISABLE_SUBMENU=true",
			`GRUB_CMDLINE_LINUX="${options.slice("ro ".length)}"`,
			'GRUB_DISABLE_RECOVERY="true"',
			"GRUB_ENABLE_BLSCFG=true",
		),
		"etc/kernel/cmdline": lines(`root=${root} ${options}`),
		"etc/sysconfig/irqbalance": lines("#IRQBALANCE_BANNED_CPULIST="),
		"var/lib/rpm/packages.lab": lines(
			"irqbalance ii 1.9.4-1.el9 numactl-libs",
			"numactl-libs ii 2.0.18-2.el9 -",
		),
		"boot/grub2/grubenv": lines(
			"# GRUB Environment Block",
			`saved_entry=${machineId}-${rhelRelease}`,
		),
		"boot/grub2/grub.cfg": lines(
			"insmod blscfg",
			"blscfg",
			"if [ -f  ${config_directory}/custom.cfg ]; then",
			"  source ${config_directory}/custom.cfg",
			"fi",
		),
		...kernelFiles(rhelRelease),
		...kernelFiles(olderRelease),
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

function kernelFiles(release: string): Nodes {
	const entry: Node = lines(
		`title Rocky Linux (${release}) 9.5 (Blue Onyx)`,
		`version ${release}`,
		`linux /vmlinuz-${release}`,
		`initrd /initramfs-${release}.img`,
		`options root=${root} ${options}`,
		"grub_users $grub_users",
		"grub_arg --unrestricted",
		"grub_class rocky",
	);
	return {
		[`boot/loader/entries/${machineId}-${release}.conf`]: entry,
		[`boot/vmlinuz-${release}`]: { text: "" },
		[`boot/config-${release}`]: kernelConfig,
	};
}
