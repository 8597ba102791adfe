/**
 * More than ten things are changed by hand, in the running kernel and in
 * what the next boot applies: each is found by its name, and all are repaired.
 */
import { fxStore } from "./fxStore";
import { done, type MetalLab, startMetalLab } from "./lab";

// A reboot would repair what the next boot is to lose.
const { kernelCommandLine: _, ...withoutBoot } = fxStore;
const declared = {
	rollout: { reboot: "manual" },
	tuning: { ...withoutBoot, kernelCommandLine: { isolcpus: "4-7" } },
};

/** What is done by hand, and the keys that must be named for it. */
const byHand: readonly (readonly [script: string, ...keys: string[]])[] = [
	["sysctl -qw net.ipv4.tcp_fastopen=1", "sysctl.net.ipv4.tcp_fastopen"],
	["rm /etc/sysctl.d/zz-metaltune.conf", "sysctl.net.ipv4.tcp_rmem"],
	["echo on >/sys/devices/system/cpu/smt/control", "smt.control"],
	[
		"echo 3 >/sys/devices/system/node/node1/hugepages/hugepages-2048kB/nr_hugepages",
		"hugePages.node1.2048kB",
	],
	["umount /mnt/hugepages", "hugePages.mount./mnt/hugepages"],
	["sysctl -qw kernel.numa_balancing=1", "sysctl.kernel.numa_balancing"],
	[
		"echo always >/sys/kernel/mm/transparent_hugepage/enabled",
		"memory.transparentHugePages",
	],
	["swapon -a", "memory.swap"],
	["ethtool -G nic1 rx 512", "ethtool.nic1.rings.rx"],
	["ethtool -C nic1 rx-usecs 40", "ethtool.nic1.coalescing.rxUsecs"],
	["ethtool -K nic1 gro on", "ethtool.nic1.offloads.gro"],
	["ip link set dev nic1 xdpgeneric off", "xdp.nic1.program"],
	[
		`for queue in /proc/irq/*/nic1-TxRx-3; do
			echo 1 >"\${queue%/*}/smp_affinity_list"
		done`,
		"irqAffinity.nic1.queues",
	],
	["echo ff >/proc/irq/default_smp_affinity", "irqAffinity.default"],
	[
		"systemctl unmask --quiet irqbalance && systemctl start irqbalance",
		"irqbalance.service",
	],
	[
		"rm /etc/default/grub.d/zz-metaltune.cfg && update-grub 2>&1",
		"kernelCommandLine.isolcpus",
	],
];

let lab: MetalLab;

beforeAll(async () => {
	lab = await startMetalLab();
	lab.declare(declared);
	await done(lab.up());
	await done(lab.drift());
});
afterAll(() => lab?.remove());

test("each change is found by the name of its key", async () => {
	for (const [script] of byHand) {
		await lab.machine.ssh(script);
	}
	const seen = await lab.drift();
	expect(seen.code).not.toBe(0);
	for (const [, ...keys] of byHand) {
		for (const key of keys) {
			expect(seen.text.replaceAll(/ +:/g, ":")).toContain(`~ ${key}:`);
		}
	}
});

test("all are repaired, and then nothing differs", async () => {
	await done(lab.up("--refresh"));
	await done(lab.drift());
	const table = await lab.check();
	expect(
		table.filter(
			(line) => !/ (ok|pendingReboot)$|^PROVISIONAL \(boot\)/.test(line),
		),
	).toEqual([]);
	expect(await lab.read("/proc/sys/net/ipv4/tcp_fastopen")).toBe("3");
	expect(
		await lab.machine.ssh("grep -c isolcpus=4-7 /boot/grub/grub.cfg"),
	).toBe("1\n");
	expect(lab.boots()).toBe(0);
});
