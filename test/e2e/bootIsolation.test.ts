/**
 * Isolated CPUs: declared, written to GRUB, in effect after one reboot, left
 * alone by the next up, and gone again when they are no longer declared.
 */
import { done, type MetalLab, startMetalLab } from "./lab";

const isolation = { isolcpus: "2-7", nohz_full: "2-7", rcu_nocbs: "2-7" };
const sysctl = { "vm.swappiness": 7 };

let lab: MetalLab;
let commandLine: string;

async function isolated() {
	const sys = "/sys/devices/system/cpu";
	return {
		isolated: await lab.read(`${sys}/isolated`),
		nohzFull: await lab.read(`${sys}/nohz_full`),
	};
}

/** When GRUB's menu was last written, to the nanosecond. */
function menuWritten(): Promise<string> {
	return lab.machine.ssh("stat -c '%y %i' /boot/grub/grub.cfg");
}

beforeAll(async () => {
	lab = await startMetalLab();
	commandLine = await lab.read("/proc/cmdline");
});
afterAll(() => lab?.remove());

test("up writes GRUB, reboots once, and the kernel isolates the CPUs", async () => {
	const before = await lab.machine.bootId();
	expect(await isolated()).toEqual({ isolated: "", nohzFull: "(null)" });
	lab.declare({ tuning: { kernelCommandLine: isolation, sysctl } });
	await done(lab.up());
	const bootId = await lab.machine.bootId();
	expect(bootId).not.toBe(before);
	expect(lab.boots()).toBe(1);
	expect(await isolated()).toEqual({ isolated: "2-7", nohzFull: "2-7" });
	expect(await lab.read("/proc/cmdline")).toBe(
		`${commandLine} isolcpus=2-7 nohz_full=2-7 rcu_nocbs=2-7`,
	);
	// A task that asks for nothing stays off the isolated CPUs.
	expect(await lab.machine.ssh("taskset -cp $$")).toMatch(/: 0,1$/m);
	expect(await lab.status()).toMatchObject({
		bootId,
		verdicts: { ok: 4 },
		pendingReboot: [],
	});
});

test("a second up neither reboots nor writes", async () => {
	const before = [await lab.machine.bootId(), await menuWritten()];
	const again = await done(lab.up("--refresh"));
	expect(again.text).toMatch(/^Resources:\n +\d+ unchanged$/m);
	expect([await lab.machine.bootId(), await menuWritten()]).toEqual(before);
});

test("parameters that are no longer declared are reverted, with a reboot", async () => {
	const before = await lab.machine.bootId();
	lab.declare({ tuning: { sysctl } });
	await done(lab.up());
	expect(await lab.machine.bootId()).not.toBe(before);
	expect(await isolated()).toEqual({ isolated: "", nohzFull: "(null)" });
	expect(await lab.read("/proc/cmdline")).toBe(commandLine);
	expect(await lab.read("/proc/sys/vm/swappiness")).toBe("7");
});
