/**
 * Names of kernel parameters: their spellings, and those that are no settings.
 *
 * Sources: Documentation/admin-guide/sysctl/{fs,kernel,vm,net}.rst,
 * Documentation/networking/ip-sysctl.rst, sysctl.d(5), sysctl(8).
 */

/** Files that do something when they are written, and hold no value. */
const triggers: readonly string[] = [
	"fs.binfmt_misc.register",
	"kernel.sysrq-trigger",
	"net.ipv4.route.flush",
	"net.ipv6.route.flush",
	"vm.compact_memory",
	"vm.drop_caches",
	"vm.stat_refresh",
];

/** Files without permission to write. */
const readOnly: readonly string[] = [
	"dev.cdrom.info",
	...["fs.aio-nr", "fs.dentry-state", "fs.file-nr", "fs.inode-nr"],
	...["fs.inode-state", "kernel.cap_last_cap", "kernel.ngroups_max"],
	...["kernel.osrelease", "kernel.ostype", "kernel.version"],
	...["kernel.pty.nr", "kernel.random.boot_id", "kernel.random.uuid"],
	...["kernel.random.entropy_avail", "kernel.random.poolsize"],
	...["kernel.seccomp.actions_avail", "net.netfilter.nf_conntrack_count"],
	...["net.ipv4.tcp_available_congestion_control"],
	...["net.ipv4.tcp_available_ulp"],
];

/**
 * A name with dots. As in sysctl(8): if a slash comes first, dots and slashes
 * swap roles, so that net/ipv4/conf/eth0.100/rp_filter is
 * net.ipv4.conf.eth0/100.rp_filter.
 */
export function dotted(name: string): string {
	const slash = name.indexOf("/");
	const dot = name.indexOf(".");
	if (slash === -1 || (dot !== -1 && dot < slash)) return name;
	return name.replace(/[./]/g, (found) => (found === "/" ? "." : "/"));
}

/** A key of an interface; with more parts than it has, where the name has dots. */
const ofInterface = /^(net\.ipv[46]\.(?:conf|neigh))\.([^.]+)\.(.+)\.([^.]+)$/;

/** Why a dotted name cannot be declared; undefined when it can. */
export function refusedName(name: string): string | undefined {
	if (name.startsWith("-")) {
		return `expected a sysctl name, got ${name}; the - in front of a name in sysctl.d only ignores failures: write ${name.slice(1)}`;
	}
	if (/^[^.]*[A-Z]/.test(name)) {
		return `expected a sysctl name, got ${name}; the kernel's names are in lower case`;
	}
	const [, family, first, rest, key] = ofInterface.exec(name) ?? [];
	if (family !== undefined) {
		return `expected the name of one interface in ${name}; write a dot inside it as a slash: ${family}.${first}/${rest?.replaceAll(".", "/")}.${key}`;
	}
	if (triggers.includes(name)) {
		return `${name} triggers an action when it is written, and keeps no value; remove it`;
	}
	if (readOnly.includes(name)) {
		return `${name} is read-only; remove it`;
	}
	return undefined;
}
