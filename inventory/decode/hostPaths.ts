/**
 * Paths on a host that an inventory may name. One list, for everything that
 * writes there, of the paths that the system, a tunable or metaltune owns.
 */
import { map } from "./decoder";
import { text } from "./scalars";

/** A path, or everything below one that ends with /, and its owner. */
const owned: readonly (readonly [path: string, owner: string])[] = [
	["/etc/metaltune/", "metaltune itself"],
	["/opt/metaltune/", "metaltune itself"],
	["/usr/local/sbin/metaltune", "metaltune itself"],
	["/var/lib/metaltune/", "metaltune itself"],
	...["group", "gshadow", "passwd", "shadow", "subgid", "subuid"].flatMap(
		(name) => [
			[`/etc/${name}`, "users"] as const,
			[`/etc/${name}-`, "users"] as const,
		],
	),
	["/etc/fstab", "mounts"],
	["/etc/mtab", "the kernel"],
	["/etc/crypttab", "the system's encrypted disks"],
	["/etc/sudoers", "sudo"],
	["/etc/sudoers.d/", "sudo"],
	["/etc/pam.d/", "the system's login"],
	["/etc/ld.so.preload", "the system's loader"],
	["/etc/machine-id", "the system"],
	["/boot/", "kernelCommandLine"],
	["/etc/default/grub", "kernelCommandLine"],
	["/etc/default/grub.d/", "kernelCommandLine"],
	["/etc/grub.d/", "kernelCommandLine"],
	["/etc/kernel/cmdline", "kernelCommandLine"],
	["/etc/default/irqbalance", "irqbalance"],
	["/etc/sysconfig/irqbalance", "irqbalance"],
	["/dev/", "the kernel"],
	["/proc/", "the kernel"],
	["/sys/", "the kernel"],
	["/run/", "the running system, which forgets it at a boot"],
	["/var/run/", "the running system, which forgets it at a boot"],
];

/** The owner of a path that no file may replace; undefined when it is free. */
function ownerOf(path: string): string | undefined {
	const names = path.split("/");
	if (path.startsWith("/etc/ssh/ssh_host_")) return "sshd";
	// The names of metaltune's drop-ins, hooks, rules and units.
	if (names.some((name) => /^(?:[0-9]+-|zz-)?metaltune(?:$|[.-])/.test(name))) {
		return "metaltune itself";
	}
	return owned.find(([start]) =>
		start.endsWith("/")
			? `${path}/`.startsWith(start)
			: path === start || path.startsWith(`${start}/`),
	)?.[1];
}

/** Directories that cannot be replaced without breaking the system. */
const systemDirectories = [
	...["/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/proc"],
	...["/root", "/run", "/sbin", "/sys", "/usr", "/usr/bin", "/usr/lib"],
	...["/usr/lib64", "/usr/local", "/usr/local/sbin", "/usr/sbin", "/usr/share"],
	...["/var", "/var/lib", "/var/run"],
];

/** A directory may be below these, although a file may not. */
const forDirectories = ["/dev/", "/run/", "/sys/", "/var/run/"];

type Fail = (message: string) => undefined;

function spelling(path: string, fail: Fail): string | undefined {
	return path.split("/").some((part) => part === "." || part === "..")
		? fail(`expected a path without . and .., got ${path}`)
		: path;
}

function belongs(path: string, owner: string, fail: Fail): undefined {
	return fail(
		`expected a path of your own, got ${path}, which belongs to ${owner}`,
	);
}

const absolute = (description: string) =>
	map(
		text({
			description,
			pattern: /^(?:\/[A-Za-z0-9_.@+-]+)+$/,
			expected: "an absolute path without whitespace",
		}),
		spelling,
	);

/** An absolute path that is only read, or looked up. */
export const absolutePath = absolute;

/** Refuses a path that no file of an inventory may replace. */
export function ownFile(path: string, fail: Fail): string | undefined {
	const owner = ownerOf(path);
	return owner === undefined ? path : belongs(path, owner, fail);
}

/** An absolute path of a file that metaltune writes for an inventory. */
export function filePath(description: string) {
	return map(absolute(description), ownFile);
}

/**
 * An absolute path of a directory that is created, mounted on, or given to an
 * account.
 */
export function directoryPath(description: string) {
	return map(absolute(description), (path, fail) => {
		if (systemDirectories.includes(path)) {
			return belongs(path, "the system", fail);
		}
		return forDirectories.some((start) => path.startsWith(start))
			? path
			: ownFile(path, fail);
	});
}
