/**
 * Reboots that a person orders, that are refused, and that a host does not
 * come back from in time.
 */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { done, type EngineLab, startEngineLab } from "./lab";

jest.setTimeout(120_000);

const tuning = {
	kernelCommandLine: { isolcpus: "2-5" },
	sysctl: { "vm.swappiness": 7 },
};
const key = "kernelCommandLine.isolcpus";
const machines = {
	"light-1": { rollout: { reboot: "manual" } },
	"light-2": { rollout: { rebootTimeoutSeconds: 3 } },
};
const ready = { verdicts: { ok: 2 }, pendingReboot: [] };

let lab: EngineLab;

beforeAll(async () => {
	lab = await startEngineLab({ count: 2 });
});
afterAll(() => lab?.remove());

test("never refuses a setting that waits for one, and asks no host", async () => {
	lab.declare({ tuning, rollout: { reboot: "never" } });
	const refused = await lab.up();
	expect(refused).toMatchObject({ logins: { "light-1": 0, "light-2": 0 } });
	expect(refused.code).not.toBe(0);
	expect(refused.text).toMatch(
		/hosts\/lab\.yaml:\d+:\d+: rollout\.reboot: never refuses settings that need a reboot, got kernelCommandLine\.isolcpus/,
	);
});

test("manual warns; a host that does not come back fails up", async () => {
	const marker = join(lab.host("light-2").root, ".lab/no-return");
	writeFileSync(marker, "");
	lab.declare({ tuning }, machines);
	const failed = await lab.up();
	expect(failed.code).not.toBe(0);
	expect(failed.text).toContain(
		"light-2: the host did not come back from its reboot within 3 s; check its console, then run `pulumi up --refresh`",
	);
	expect(failed.text).toMatch(
		new RegExp(`warning: light-1: waits for a reboot .*: ${key}`),
	);
	rmSync(marker);
	await done(lab.up("--refresh"));
	expect(lab.hosts.map((host) => host.reboots())).toEqual([0, 1]);
	expect(await lab.status()).toMatchObject({
		"light-1": { verdicts: { ok: 1, pendingReboot: 1 }, pendingReboot: [key] },
		"light-2": { ...ready, bootId: lab.host("light-2").bootId() },
	});
	await done(lab.drift());
});

test("after the reboot that a person ordered, up --refresh proves it", async () => {
	await lab.host("light-1").reboot();
	await done(lab.up("--refresh"));
	expect(await lab.status()).toMatchObject({
		"light-1": { ...ready, bootId: lab.host("light-1").bootId() },
	});
	await done(lab.drift());
});

test("settings that leave the inventory are reverted after a reboot", async () => {
	lab.declare({ tuning: { sysctl: tuning.sysctl } });
	const before = lab.hosts.map((host) => host.reboots());
	await done(lab.up());
	for (const [index, host] of lab.hosts.entries()) {
		expect(host.read("proc/cmdline")).not.toContain("isolcpus");
		expect(host.reboots()).toBe((before[index] ?? 0) + 1);
	}
	await done(lab.drift());
});
