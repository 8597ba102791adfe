/**
 * What this machine does not support is reported: `unsupported` with
 * its reason, or a refusal before anything is written, or a failure that says
 * how much the kernel granted.
 */
import { done, type MetalLab, startMetalLab } from "./lab";

const sysctl = { "vm.swappiness": 7 };

let lab: MetalLab;

beforeAll(async () => {
	lab = await startMetalLab();
});
afterAll(() => lab?.remove());

test("settings that the hardware lacks are unsupported, with the reason", async () => {
	lab.declare({
		tuning: {
			sysctl,
			cpuFrequency: { governor: "performance" },
			ethtool: { nic1: { coalescing: { adaptiveRx: "off" } } },
			irqAffinity: { irqs: { nvme0q1: 0 } },
		},
	});
	await done(lab.up());
	const { verdicts, unsupported } = await lab.status();
	expect(verdicts).toEqual({ ok: 1, unsupported: 3 });
	expect(Object.keys(unsupported).toSorted()).toEqual([
		"cpuFrequency.governor",
		"ethtool.nic1.coalescing.adaptiveRx",
		"irqAffinity.irq.nvme0q1",
	]);
	expect(unsupported["irqAffinity.irq.nvme0q1"]).toContain(
		"the kernel manages this interrupt",
	);
	for (const reason of Object.values(unsupported)) {
		expect(reason).not.toBe("");
	}
});

test("rings beyond the maximum are refused before anything is written", async () => {
	const was = await lab.machine.ssh("ethtool -g nic0");
	lab.declare({
		tuning: {
			sysctl: { "vm.swappiness": 8 },
			ethtool: { nic0: { rings: { rx: 8192 } } },
		},
	});
	const refused = await lab.up();
	expect(refused.code).not.toBe(0);
	expect(refused.text).toContain(
		"nic0.rings.rx: expected at most 4096, the maximum of this NIC, got 8192",
	);
	expect(await lab.machine.ssh("ethtool -g nic0")).toBe(was);
	expect(await lab.read("/proc/sys/vm/swappiness")).toBe("7");
});

test("1G pages that the kernel grants short fail with the count per node", async () => {
	// A node has 2 GiB, in which at most one page of 1 GiB finds its place.
	lab.declare({ tuning: { sysctl, hugePages: { "1G": { node1: 2 } } } });
	const failed = await lab.up();
	expect(failed.code).not.toBe(0);
	const granted = await lab.read(
		"/sys/devices/system/node/node1/hugepages/hugepages-1048576kB/nr_hugepages",
	);
	expect(Number(granted)).toBeLessThan(2);
	expect(failed.text).toMatch(
		new RegExp(`hugePages\\.node1\\.1048576kB.*2.*${granted}`),
	);
	expect(await lab.read("/proc/cmdline")).toContain(
		"hugepagesz=1G hugepages=1:2",
	);
	// No other boot would grant more: none is tried, by whatever way.
	const boots = lab.boots();
	const again = await lab.up();
	expect(again.code).not.toBe(0);
	expect(again.text).toMatch(/hugePages\.node1\.1048576kB.*liveDrift/);
	const refreshed = await lab.up("--refresh");
	expect(refreshed.code).not.toBe(0);
	expect(refreshed.text).toMatch(/hugePages\.node1\.1048576kB.*liveDrift/);
	expect(lab.boots()).toBe(boots);
});
