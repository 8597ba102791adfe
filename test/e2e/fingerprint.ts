/**
 * Everything of a machine that metaltune may touch, as lines that can be
 * compared: its files, and the values of its running kernel.
 */
import type { MetalMachine } from "../../lab/metal/metalMachine";

// What a system that is only left alone changes by itself: logs, random seeds,
// and the menu's note that a boot succeeded.
const files = `
find / -xdev \\( -path /proc -o -path /sys -o -path /run -o -path /tmp -o -path /var/log -o -path /var/tmp -o -path /var/lib/systemd -o -path /root -o -path /usr/lib -o -path /usr/share \\) -prune \\
	-o -printf 'path %p %y %m %u:%g %l\\n'
find /etc /boot/grub /usr/local /var/lib/dpkg /var/spool -xdev -type f ! -path '*/i386-pc/*' -exec sha256sum {} + | sed 's/^/file /'
`;

// Counters and identities move on their own; tcp_mem, udp_mem, threads-max and the
// size of /run are computed in every boot of the memory that is free then; irqbalance,
// which runs before metaltune comes, moves the queues' interrupts.
const values = `
find /proc/sys/kernel /proc/sys/vm /proc/sys/net/core /proc/sys/net/ipv4 -maxdepth 1 -type f \\
	! -name '*random*' ! -name ns_last_pid ! -name 'nf_*' ! -name 'perf_event_max*' ! -name stat_refresh ! -name tainted ! -name pty ! -name netdev_rss_key ! -name '*_reserve_kbytes' ! -name tcp_mem ! -name udp_mem ! -name threads-max \\
	-exec grep -H . {} + 2>/dev/null | sed 's/^/sysctl /'
for file in /proc/cmdline /proc/swaps /sys/devices/system/cpu/online /sys/devices/system/cpu/smt/control \\
	/sys/devices/system/cpu/isolated /sys/devices/system/cpu/nohz_full /proc/irq/default_smp_affinity \\
	/sys/devices/system/node/node*/hugepages/*/nr_hugepages /sys/kernel/mm/transparent_hugepage/* \\
	/sys/kernel/mm/ksm/run /sys/devices/virtual/workqueue/cpumask; do
	test ! -f "$file" || printf 'value %s %s\\n' "$file" "$(cut -f 1,2,3 "$file" | tr '\\n' ' ')"
done
for nic in nic0 nic1; do
	for option in g l c k; do
		ethtool -$option $nic | sed "s/^/nic $nic $option /"
	done
	ip -d link show $nic | grep -o 'xdp[a-z]*' | sed "s/^/nic $nic /" || :
done
awk '$2 != "/dev" && $3 != "autofs" { sub(/,size=[0-9]+k/, "", $4); print "mount " $2, $3, $4 }' /proc/mounts
systemctl list-unit-files --no-legend --no-pager | sed 's/^/unit /'
`;

/** Sorted lines, each beginning with what it is about. */
export async function fingerprint(
	machine: MetalMachine,
): Promise<readonly string[]> {
	const text = await machine.ssh(`export LC_ALL=C\n${files}\n${values}`);
	return text
		.trimEnd()
		.split("\n")
		.map((line) => line.trimEnd().replaceAll(/\s+/g, " "))
		.toSorted();
}

/** Lines that only one of two fingerprints has. */
export function differences(
	before: readonly string[],
	after: readonly string[],
): readonly string[] {
	const was = new Set(before);
	const is = new Set(after);
	return [
		...before.filter((line) => !is.has(line)).map((line) => `- ${line}`),
		...after.filter((line) => !was.has(line)).map((line) => `+ ${line}`),
	];
}
