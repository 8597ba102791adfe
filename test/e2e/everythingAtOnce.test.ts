/**
 * All that a guide asks, declared at once: after the one reboot it needs,
 * every setting is in effect, as the kernel itself says.
 */
import { fxStore } from "./fxStore";
import { done, type MetalLab, startMetalLab } from "./lab";

let lab: MetalLab;

beforeAll(async () => {
	lab = await startMetalLab();
	lab.declare({ tuning: fxStore });
});
afterAll(() => lab?.remove());

test("every verdict is ok after the reboot", async () => {
	await done(lab.up());
	expect(lab.boots()).toBe(1);
	const { verdicts, unsupported } = await lab.status();
	expect({ verdicts, unsupported }).toEqual({
		verdicts: { ok: expect.any(Number) },
		unsupported: {},
	});
	const table = await lab.check();
	expect(table).toHaveLength(verdicts.ok ?? 0);
	expect(table.filter((line) => !line.endsWith(" ok"))).toEqual([]);
});

test("CPUs and memory are as the kernel says", async () => {
	const sys = "/sys/devices/system";
	expect(await lab.read(`${sys}/cpu/online`)).toBe("0,2,4,6");
	expect(await lab.read(`${sys}/cpu/isolated`)).toBe("4-7");
	const pages = "hugepages/hugepages-2048kB/nr_hugepages";
	expect(await lab.read(`${sys}/node/node0/${pages}`)).toBe("64");
	expect(await lab.read(`${sys}/node/node1/${pages}`)).toBe("128");
	expect(await lab.machine.ssh("findmnt -no FSTYPE,OPTIONS /mnt/hugepages"))
		// In one string, as findmnt aligns its columns.
		.toMatch(/^hugetlbfs .*pagesize=2M/);
	expect(await lab.machine.ssh("swapon --show")).toBe("");
	expect(await lab.read("/proc/sys/kernel/numa_balancing")).toBe("0");
});

test("the NIC's driver has what was asked for", async () => {
	const { ssh } = lab.machine;
	expect(await ssh("ethtool -g nic1")).toMatch(
		/Current[\s\S]*RX:\s+4096\n[\s\S]*TX:\s+4096\n/,
	);
	expect(await ssh("ethtool -l nic1")).toMatch(/Current[\s\S]*Combined:\s+8\n/);
	expect(await ssh("ethtool -c nic1")).toMatch(/^rx-usecs:\s+0$/m);
	const features = await ssh("ethtool -k nic1");
	for (const name of [
		"generic-receive-offload",
		"generic-segmentation-offload",
		"tcp-segmentation-offload",
	]) {
		expect(features).toMatch(new RegExp(`^${name}: off`, "m"));
	}
	expect(await ssh("ip -d link show nic1")).toContain("xdpgeneric");
	const masks = await ssh(
		`for irq in $(ls /sys/class/net/nic1/device/msi_irqs | sort -n); do
			test -d /proc/irq/$irq/nic1-TxRx-* || continue
			cat /proc/irq/$irq/smp_affinity_list
		done`,
	);
	expect(masks.trim().split("\n")).toEqual([
		"0",
		"2",
		"0",
		"2",
		"0",
		"2",
		"0",
		"2",
	]);
});

test("a second up finds nothing to do", async () => {
	const again = await done(lab.up("--refresh"));
	expect(again.text).toMatch(/^Resources:\n +\d+ unchanged$/m);
	expect(lab.boots()).toBe(1);
});
