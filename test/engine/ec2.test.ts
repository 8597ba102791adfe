/**
 * EC2 bare metal from nothing to nothing, with a stand-in for AWS: unknown
 * addresses, a wave that fails, pinned images, machines that are replaced or
 * lost, and a destroy that leaves dying hosts alone.
 */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { sections as allSections } from "../../applications/sections";
import { loadInventory } from "../../inventory/load";
import { diffTrees } from "../support/tree";
import { type Ec2Lab, startEc2Lab } from "./ec2Lab";
import { done } from "./lab";

jest.setTimeout(300_000);

const names = ["fx-1", "fx-2", "fx-3", "fx-4", "fx-5", "fx-6"];
const tuning = (pages: number) => ({
	sysctl: { "vm.swappiness": 7 },
	hugePages: { "2M": { node0: pages } },
	kernelCommandLine: { isolcpus: "2-5" },
});
const sections = (pages = 64) => ({
	tuning: tuning(pages),
	rollout: { canary: "fx-1", maxUnavailable: 3 },
});
const aws = {
	count: 6,
	volumes: { sdf: { sizeGiB: 100, type: "io2", iops: 8000 } },
	secondaryInterfaces: 1,
	tags: { team: "fx" },
};
const launched = /^create aws:ec2\/instance:Instance /;
const swappiness = "proc/sys/vm/swappiness";

const urnOf = (name: string) =>
	`urn:pulumi:dev::metaltune::metaltune:index:Fleet$metaltune:index:BareMetalInstance$aws:ec2/instance:Instance::${name}`;

let lab: Ec2Lab;

beforeAll(async () => {
	lab = await startEc2Lab();
});
afterAll(() => lab?.remove());

test("the policy pack has nothing against the shipped groups", async () => {
	const shipped = join(lab.directory, "shipped");
	for (const each of ["ec2", "profiles"]) {
		const from = join(__dirname, "../../hosts", each);
		cpSync(from, join(shipped, "hosts", each), { recursive: true });
	}
	const specs = loadInventory(join(shipped, "hosts/ec2"), allSections);
	for (const { binary } of specs.flatMap((spec) =>
		Object.values(spec.applications),
	)) {
		if (binary === undefined) continue;
		mkdirSync(dirname(binary), { recursive: true });
		writeFileSync(binary, "#!/bin/sh\n", { mode: 0o755 });
	}
	const hosts = join(shipped, "hosts/ec2");
	await done(lab.pulumi("config", "set", "metaltune:hosts", hosts));
	const pack = ["--policy-pack", "policies"];
	const seen = await done(lab.pulumi("preview", ...pack));
	await done(lab.pulumi("config", "rm", "metaltune:hosts"));
	expect(seen.text).toMatch(/Policies:\n +✅ metaltune/);
	expect(seen.text).not.toMatch(/mandatory|advisory/);
});

test("a preview of nothing shows every host and key, and asks for nothing", async () => {
	lab.declareGroup(aws, sections());
	const seen = await done(lab.pulumi("preview", "--diff"));
	for (const key of [
		'sysctl.vm.swappiness: "7"',
		'hugePages.node0.2048kB: "64"',
		'kernelCommandLine.isolcpus: "2-5"',
	]) {
		expect(seen.text.replace(/ +:/g, ":").split(key).length - 1).toBe(6);
	}
	for (const name of names) {
		expect(seen.text).toContain(`TunedHost::${name}]`);
	}
	expect(seen.text).not.toContain("OPENSSH PRIVATE KEY");
	expect(lab.asked()).toEqual([]);
});

test("a rule about instances refuses them before any is paid for", async () => {
	lab.declareGroup(aws, { tuning: { sysctl: { "vm.swappiness": 7 } } });
	const file = join(lab.directory, "policy-config.json");
	writeFileSync(file, JSON.stringify({ ec2Tags: { required: ["Desk"] } }));
	const refused = await lab.up(
		...["--policy-pack", "policies", "--policy-pack-config", file],
	);
	expect(refused.code).not.toBe(0);
	expect(refused.text).toMatch(
		/\[mandatory\] +ec2Tags .*tags\.Desk: is not set/s,
	);
	expect(lab.asked().filter((line) => launched.test(line))).toEqual([]);
});

test("a canary that cannot be tuned is the only instance that is paid for", async () => {
	lab.declareGroup(aws, sections(100_000));
	const failed = await lab.up();
	expect(failed.code).not.toBe(0);
	expect(failed.text).toMatch(/hugePages\.node0\.2048kB +>= 100000/);
	expect(lab.asked().filter((line) => launched.test(line))).toHaveLength(1);
});

test("up makes, tunes, reboots and proves all of them, each once", async () => {
	lab.declareGroup(aws, sections());
	await done(lab.up());
	const instances = lab.instances();
	expect(instances.map(({ hostName }) => hostName)).toEqual(names);
	for (const instance of instances) {
		expect(instance.read(swappiness)).toBe("7");
		expect(instance.read("proc/cmdline")).toContain("isolcpus=2-5");
		expect(instance.reboots()).toBe(1);
		expect(instance.ami).toBe("ami-00000001");
	}
	expect(Object.keys(await lab.status()).toSorted()).toEqual(names);
	expect(lab.asked().filter((line) => launched.test(line))).toHaveLength(6);
});

test("no private key is in the state in clear", () => {
	expect(lab.checkpoint()).toContain('"type": "metaltune:index:HostKey"');
	expect(lab.checkpoint()).not.toContain("OPENSSH PRIVATE KEY");
});

test("SSH is let in from the given networks and nothing else", () => {
	const [group] = lab
		.objects()
		.filter(({ type }) => type === "aws:ec2/securityGroup:SecurityGroup");
	expect(group?.inputs.ingress).toEqual([
		expect.objectContaining({
			protocol: "tcp",
			cidrBlocks: ["203.0.113.0/24"],
			ipv6CidrBlocks: ["2001:db8::/32"],
		}),
	]);
});

test("another up does nothing, a newer image or not", async () => {
	lab.publish({
		id: "ami-00000002",
		owner: "136693071363",
		name: "debian-12-amd64-20260301-0001",
		architecture: "x86_64",
		creationDate: "2026-03-01",
	});
	const asked = lab.asked();
	const logins = lab.instances().map((each) => each.connections());
	const again = await done(lab.up());
	expect(again.text).toMatch(/^Resources:\n +\d+ unchanged$/m);
	expect(lab.asked()).toEqual(asked);
	expect(lab.instances().map((each) => each.connections())).toEqual(logins);
});

test("a replaced instance is tuned from nothing, its predecessor left alone", async () => {
	const old = lab.instance("fx-2");
	const before = { logins: old.connections(), tree: old.tree() };
	const others = lab.instances().filter(({ name }) => name !== old.name);
	const logins = others.map((each) => each.connections());
	await done(lab.up("--replace", urnOf("fx-2")));
	const now = lab.instance("fx-2");
	expect(now.name).not.toBe(old.name);
	// Of the day on which it was made.
	expect(now.ami).toBe("ami-00000002");
	expect(now.read(swappiness)).toBe("7");
	expect(now.reboots()).toBe(1);
	expect(old.connections()).toBe(before.logins);
	expect(diffTrees(before.tree, old.tree())).toEqual([]);
	expect(others.map((each) => each.connections())).toEqual(logins);
	await done(lab.drift());
});

test("a lost instance is made again", async () => {
	const lost = lab.instance("fx-3");
	await lab.lose(lost);
	// Its address does not answer any more; that it is gone is noticed all the
	// same.
	const refreshed = await lab.pulumi("refresh", "--yes", "--skip-preview");
	expect(refreshed.text).toMatch(/fx-3: .*connection was refused/);
	await done(lab.up());
	expect(lab.instance("fx-3").read(swappiness)).toBe("7");
	// Without a refresh, by hand.
	await lab.lose(lab.instance("fx-4"));
	await done(lab.up("--replace", urnOf("fx-4")));
	expect(lab.instance("fx-4").read(swappiness)).toBe("7");
	await done(lab.drift());
});

test("fewer instances end the last ones, another image replaces the rest", async () => {
	const old = lab.instances();
	const logins = old.map((each) => each.connections());
	const image = { distribution: "ubuntu-24.04" };
	lab.declareGroup({ ...aws, count: 1, image }, sections());
	await done(lab.up());
	const [left, ...more] = lab.instances();
	expect(more).toEqual([]);
	expect(left).toMatchObject({ hostName: "fx-1", ami: "ami-0000000d" });
	expect(left?.read(swappiness)).toBe("7");
	expect(old.map((each) => each.connections())).toEqual(logins);
});

test("destroy ends everything and logs in nowhere", async () => {
	const instances = lab.instances();
	const before = instances.map((each) => ({
		logins: each.connections(),
		tree: each.tree(),
	}));
	await done(lab.destroy());
	expect(lab.objects()).toEqual([]);
	for (const [index, instance] of instances.entries()) {
		expect(instance.connections()).toBe(before[index]?.logins);
		expect(
			diffTrees(before[index]?.tree ?? new Map(), instance.tree()),
		).toEqual([]);
	}
});
