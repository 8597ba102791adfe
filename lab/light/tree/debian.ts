/**
 * Common to Debian and Ubuntu: dpkg, and GRUB with drop-ins, one of which assigns
 * the command line instead of appending, as in cloud images.
 */
import { kernelConfig, rootDevice } from "./base";
import { lines, type Nodes, readOnly } from "./files";
import type { Layout } from "./layout";

/** The differences between them. */
export interface DebianLayout {
	readonly kernel: string;
	/** proc/version after the release. */
	readonly build: string;
	readonly osRelease: readonly string[];
	/** Arguments of the running kernel, after root. */
	readonly running: string;
	/** Set where GRUB does not find it by the file system's UUID. */
	readonly root?: string;
	/** Assignments in etc/default/grub. */
	readonly grub: readonly string[];
	/** Name in etc/default/grub.d to lines. */
	readonly dropIns: { readonly [name: string]: readonly string[] };
	/** Names in etc and usr/lib/sysctl.d to lines. */
	readonly sysctls: { readonly [path: string]: readonly string[] };
	/** As `dpkg-query` knows them: `name state version needs`. */
	readonly packages: readonly string[];
	/** Other files of the tree. */
	readonly more?: Nodes;
}

/** The layout of one of them. */
export function debianLayout(layout: DebianLayout): Layout {
	return { kernel: layout.kernel, files: () => debianFiles(layout) };
}

function debianFiles(layout: DebianLayout): Nodes {
	const { kernel } = layout;
	return {
		"proc/cmdline": readOnly(
			`BOOT_IMAGE=/boot/vmlinuz-${kernel} root=${layout.root ?? rootDevice} ro ${layout.running}`,
		),
		"proc/version": readOnly(`Linux version ${kernel} ${layout.build}`),
		"etc/os-release": lines(...layout.osRelease),
		"etc/default/grub": lines(
			"# If you change this file, run 'update-grub' afterwards to update",
			"# /boot/grub/grub.cfg.",
			"",
			...layout.grub,
		),
		...textFiles("etc/default/grub.d", layout.dropIns),
		[`boot/vmlinuz-${kernel}`]: { text: "" },
		[`boot/initrd.img-${kernel}`]: { text: "" },
		[`boot/config-${kernel}`]: kernelConfig,
		"boot/grub": { directory: true },
		"var/lib/dpkg/packages.lab": lines(...layout.packages),
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
		...textFiles("", layout.sysctls),
		...layout.more,
	};
}

function textFiles(
	directory: string,
	files: { readonly [name: string]: readonly string[] },
): Nodes {
	return Object.fromEntries(
		Object.entries(files).map(([name, text]) => [
			directory === "" ? name : `${directory}/${name}`,
			lines(...text),
		]),
	);
}
