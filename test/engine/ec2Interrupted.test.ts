/**
 * A power cut of `pulumi` and its plugins while a wave of EC2 instances is
 * being tuned. AWS and the instances go on; the next up finishes the rest.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { waitFor } from "../../lab/light/runProgram";
import { type Ec2Lab, startEc2Lab } from "./ec2Lab";
import { done } from "./lab";

jest.setTimeout(300_000);

const names = ["fx-1", "fx-2", "fx-3", "fx-4", "fx-5", "fx-6"];
const launched = /^create aws:ec2\/instance:Instance /;

let lab: Ec2Lab;

beforeAll(async () => {
	lab = await startEc2Lab();
	lab.declareGroup(
		{ count: 6 },
		{
			tuning: {
				kernelCommandLine: { isolcpus: "2-5" },
				sysctl: { "vm.swappiness": 7, "net.core.rmem_max": 134217728 },
				memory: { transparentHugePages: "never" },
				limits: { "*": { nofile: 1048576 } },
			},
			rollout: { canary: "fx-1", maxUnavailable: 3 },
		},
	);
});
afterAll(() => lab?.remove());

test("up after a crash tunes nothing twice and forgets nothing", async () => {
	const crashed = lab.up();
	const underWay = () =>
		lab
			.instances()
			.some(
				({ hostName, root }) =>
					hostName !== "fx-1" &&
					existsSync(join(root, "var/lib/metaltune/journal")),
			);
	await waitFor("an apply in the second wave", underWay, 200);
	lab.crash();
	expect(await crashed).toMatchObject({ code: null });
	const canary = lab.instance("fx-1");
	const before = {
		logins: canary.connections(),
		instances: lab.instances().map(({ name }) => name),
	};
	expect(canary.reboots()).toBe(1);
	expect(before.instances.length).toBeLessThan(names.length);

	await done(lab.pulumi("cancel", "--yes"));
	await done(lab.up());
	const instances = lab.instances();
	expect(instances.map(({ hostName }) => hostName)).toEqual(names);
	// None was launched and then lost sight of.
	expect(lab.asked().filter((line) => launched.test(line))).toHaveLength(6);
	expect(instances.map(({ name }) => name)).toEqual(
		expect.arrayContaining(before.instances),
	);
	expect(canary.connections()).toBe(before.logins);
	expect(instances.map((instance) => instance.reboots())).toEqual(
		names.map(() => 1),
	);
	const ok = { verdicts: { ok: 6 }, pendingReboot: [] };
	expect(await lab.status()).toMatchObject(
		Object.fromEntries(names.map((name) => [name, ok])),
	);
	await done(lab.drift());
	await done(lab.destroy());
	expect(lab.objects()).toEqual([]);
});
