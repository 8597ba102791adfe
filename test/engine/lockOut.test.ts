/**
 * Changes that cut a host off: rings with which no login succeeds, and a
 * kernel command line that does not boot. The host comes back by itself, `up`
 * says that it did and why, and a corrected inventory converges.
 */
import {
	existsSync,
	mkdirSync,
	readdirSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { diffTrees, type TreeSnapshot } from "../support/tree";
import { done, type EngineLab, startEngineLab } from "./lab";

jest.setTimeout(240_000);

const sysctl = { "vm.swappiness": 7 };
const rings = (rx: number) => ({ eth0: { rings: { rx } } });
const rollout = { rollbackSeconds: 5 };

let lab: EngineLab;
let before: readonly TreeSnapshot[];

beforeAll(async () => {
	lab = await startEngineLab({ count: 1, rhel: true });
	before = lab.hosts.map((host) => host.tree());
	for (const { root } of lab.hosts) {
		writeFileSync(join(root, ".lab/cutting-rings"), "4000");
	}
	lab.declare({ rollout, tuning: { sysctl, ethtool: rings(512) } });
	await done(lab.up());
});
afterAll(() => lab?.remove());

function settled(): void {
	for (const { root } of lab.hosts) {
		mkdirSync(join(root, ".lab/transient"), { recursive: true });
		expect(existsSync(join(root, "var/lib/metaltune/provisional.tsv"))).toBe(
			false,
		);
		expect(readdirSync(join(root, ".lab/transient"))).toEqual([]);
	}
}

test("rings that cut the login are reverted, and up says so until they change", async () => {
	lab.declare({ rollout, tuning: { sysctl, ethtool: rings(4000) } });
	const failed = await lab.up();
	expect(failed.code).not.toBe(0);
	for (const { name, read } of lab.hosts) {
		expect(failed.text).toContain(
			`${name}: ROLLED BACK: no login confirmed ethtool.eth0.rings.rx within 5 s; the settings from before are in effect; next: correct the inventory`,
		);
		expect(read("sys/class/net/eth0/ethtool.lab/g")).toMatch(/RX:\t\t512$/m);
		expect(read("etc/metaltune/settings.tsv")).toContain("\t512\t");
	}
	// The same again says the same, and touches nothing.
	const again = await lab.up();
	expect(again.code).not.toBe(0);
	expect(again.text).toContain("ROLLED BACK");
	// A refresh sees what is in effect.
	const refreshed = await lab.pulumi("refresh", "--yes", "--diff");
	expect(refreshed.text).toMatch(/warning: .*light-1: ROLLED BACK: /);
	expect(refreshed.text).toMatch(/ethtool\.eth0\.rings\.rx.*512/);
});

test("a corrected inventory converges, and is confirmed", async () => {
	lab.declare({ rollout, tuning: { sysctl, ethtool: rings(1024) } });
	await done(lab.up());
	for (const { read } of lab.hosts) {
		expect(read("sys/class/net/eth0/ethtool.lab/g")).toMatch(/RX:\t\t1024$/m);
	}
	settled();
	await done(lab.drift());
});

test("a command line that panics is booted once", async () => {
	const tuning = { sysctl, ethtool: rings(1024) };
	const kernelCommandLine = { "metaltune.lab_panic": true };
	lab.declare({ rollout, tuning: { ...tuning, kernelCommandLine } });
	const failed = await lab.up();
	expect(failed.code).not.toBe(0);
	for (const { name, read } of lab.hosts) {
		expect(failed.text).toContain(
			`${name}: ROLLED BACK: the host did not come up with the new kernel command line (kernelCommandLine.metaltune.lab_panic), so GRUB took the one from before`,
		);
		expect(read("proc/cmdline")).not.toContain("lab_panic");
	}
	expect(lab.hosts.map((host) => host.reboots())).toEqual([1, 1]);
	lab.declare({
		rollout,
		tuning: { ...tuning, kernelCommandLine: { isolcpus: "2-5" } },
	});
	await done(lab.up());
	settled();
	for (const { read } of lab.hosts) {
		expect(read("sys/devices/system/cpu/isolated")).toBe("2-5");
	}
	await done(lab.drift());
});

test("a key that another file overrides fails the up, and undoes nothing", async () => {
	const tuning = { sysctl, kernelCommandLine: { isolcpus: "2-5" } };
	for (const { root } of lab.hosts) {
		writeFileSync(join(root, "etc/sysctl.d/zzz.conf"), "vm.swappiness=60\n");
	}
	lab.declare({ rollout, tuning: { ...tuning, ethtool: rings(2048) } });
	const failed = await lab.up();
	expect(failed.code).not.toBe(0);
	for (const { name, read } of lab.hosts) {
		expect(failed.text).toContain(`${name}: not ready: 1 of its settings`);
		expect(failed.text).toMatch(
			/sysctl\.vm\.swappiness +7 +7 +60 \(\/etc\/sysctl\.d\/zzz\.conf:1\) +bootDrift/,
		);
		expect(read("sys/class/net/eth0/ethtool.lab/g")).toMatch(/RX:\t\t2048$/m);
	}
	expect(failed.text).not.toContain("ROLLED BACK");
	settled();
	for (const { root } of lab.hosts) rmSync(join(root, "etc/sysctl.d/zzz.conf"));
	await done(lab.up("--refresh"));
	await done(lab.drift());
});

test("one that boots without a way in is rebooted out of", async () => {
	for (const { root } of lab.hosts) {
		writeFileSync(join(root, ".lab/cutting-parameter"), "nosmt");
	}
	const tuning = { sysctl, kernelCommandLine: { nosmt: true } };
	lab.declare({ rollout, tuning });
	const failed = await lab.up();
	expect(failed.code).not.toBe(0);
	for (const { name, read } of lab.hosts) {
		expect(failed.text).toMatch(
			new RegExp(
				`${name}: ROLLED BACK: no login confirmed the new kernel command line \\(kernelCommandLine\\.(nosmt|isolcpus), kernelCommandLine\\.(nosmt|isolcpus)\\) after the reboot`,
			),
		);
		expect(read("proc/cmdline")).toContain("isolcpus");
	}
	// Into it, and out of it again.
	expect(lab.hosts.map((host) => host.reboots())).toEqual([4, 4]);
});

test("destroy leaves nothing of it behind", async () => {
	await done(lab.destroy());
	for (const [index, host] of lab.hosts.entries()) {
		expect(diffTrees(before[index] ?? new Map(), host.tree())).toEqual([]);
	}
});
