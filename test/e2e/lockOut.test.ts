/**
 * Changes that cut the login: an XDP program that drops every packet of the
 * management NIC, and a kernel command line that panics. The machine reverts
 * them without help, `up` prints the reason, and Pulumi then sees the machine's
 * actual state.
 */
import { done, type MetalLab, startMetalLab } from "./lab";

const sysctl = { "vm.swappiness": 7 };
const drop = {
	mgmt0: {
		object: "/usr/local/lib/xdp_drop.o",
		section: "xdp",
		mode: "generic",
	},
};

let lab: MetalLab;
let commandLine: string;

beforeAll(async () => {
	lab = await startMetalLab();
	commandLine = await lab.read("/proc/cmdline");
	lab.declare({ tuning: { sysctl } });
	await done(lab.up());
});
afterAll(() => lab?.remove());

test("a NIC that drops everything is reverted, without a reboot", async () => {
	const before = await lab.machine.bootId();
	const rollout = { rollbackSeconds: 20 };
	lab.declare({ rollout, tuning: { sysctl, xdp: drop } });
	const failed = await lab.up();
	expect(failed.code).not.toBe(0);
	expect(failed.text).toContain(
		"metal: ROLLED BACK: no login confirmed xdp.mgmt0.program within 20 s",
	);
	expect(await lab.machine.bootId()).toBe(before);
	expect(await lab.machine.ssh("ip link show mgmt0")).not.toContain("xdp");
	expect(await lab.machine.ssh("metaltune check || :")).toContain(
		"ROLLED BACK: no login confirmed xdp.mgmt0.program",
	);
	// Pulumi sees the machine as it is.
	const seen = await lab.pulumi("refresh", "--yes", "--diff");
	expect(seen.text).toMatch(/xdp\.mgmt0\.program.*live: /);
	lab.declare({ rollout, tuning: { sysctl } });
	await done(lab.up());
	await done(lab.drift());
});

test("a kernel command line that panics is booted once", async () => {
	const boots = lab.boots();
	const kernelCommandLine = { isolcpus: "2-7", init: "/bin/false" };
	lab.declare({ tuning: { sysctl, kernelCommandLine } });
	const failed = await lab.up();
	expect(failed.code).not.toBe(0);
	expect(failed.text).toMatch(
		/metal: ROLLED BACK: the host did not come up with the new kernel command line \(kernelCommandLine\.init, kernelCommandLine\.isolcpus\), so GRUB took the one from before/,
	);
	// The one that panicked, and the one after it.
	expect(lab.boots() - boots).toBe(2);
	expect(lab.machine.console()).toContain("Kernel panic");
	expect(await lab.read("/proc/cmdline")).toBe(commandLine);
	expect(await lab.machine.ssh("ls /boot/grub")).not.toMatch(
		/custom\.cfg|metaltune/,
	);
});

test("a corrected one converges, and leaves nothing provisional", async () => {
	// A boot that works is not to be given up on a busy machine.
	lab.declare({
		rollout: { rollbackSeconds: 900 },
		tuning: { sysctl, kernelCommandLine: { isolcpus: "2-7" } },
	});
	await done(lab.up());
	expect(await lab.read("/sys/devices/system/cpu/isolated")).toBe("2-7");
	expect(await lab.machine.ssh("ls /boot/grub")).not.toMatch(
		/custom\.cfg|metaltune/,
	);
	await done(lab.drift());
});
