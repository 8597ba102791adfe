/** Groups of EC2 instances: names, defaults, and everything that is refused. */
import { expect, test } from "@jest/globals";
import { instanceLines, instances, withKey } from "../broken/groups";
import { ed25519, load, problemsOf } from "../inventoryDirectory";

test("hosts are numbered, and each says what its instance is made from", () => {
	const hosts = load({
		"fx.yaml": instances("rollout: {canary: fx-2, maxUnavailable: 50%}"),
	});
	expect(hosts.map(({ name }) => name)).toEqual(["fx-1", "fx-2"]);
	expect(hosts[0]).toMatchObject({
		group: "fx",
		connection: { user: "admin", port: 22, become: true },
		rollout: { canary: "fx-2", maxUnavailable: 1 },
	});
	expect(hosts[0]?.aws).toEqual({
		instanceType: "c7i.metal-24xl",
		subnetId: "subnet-0123456789abcdef0",
		image: { distribution: "debian-12" },
		keyPair: "fleet",
		sshFrom: ["203.0.113.0/24"],
		address: "private",
		rootVolume: { type: "gp3" },
	});
	expect(hosts[0]?.connection).not.toHaveProperty("host");
	expect(hosts[0]?.connection).not.toHaveProperty("hostKey");
});

test.each([
	["debian-12", "admin"],
	["ubuntu-24.04", "ubuntu"],
	["al2023", "ec2-user"],
])("the images of %s let in %s", (distribution, user) => {
	const [host] = load({
		"fx.yaml": withKey("image", `{distribution: ${distribution}}`),
	});
	expect(host?.connection.user).toBe(user);
});

test.each([
	["[md-1, md-2]", ["md-1", "md-2", "md-1", "md-2", "md-1"]],
	["[md-1]", ["md-1", "md-1", "md-1", "md-1", "md-1"]],
	["[a, a, b, c, d]", ["a", "a", "b", "c", "d"]],
])("instances take the shards %s in turn", (shards, taken) => {
	const five = instanceLines.replace("count: 2", "count: 5");
	const hosts = load({
		"fx.yaml": instances("", `${five}\n  shards: ${shards}`),
	});
	expect(hosts.map(({ shard }) => shard)).toEqual(taken);
	for (const { aws } of hosts) expect(aws).not.toHaveProperty("shards");
});

test("instances without shards have none", () => {
	const [host] = load({ "fx.yaml": instances() });
	expect(host).not.toHaveProperty("shard");
});

test("a profile may hold a part, which the group completes and overrides", () => {
	const [host] = load({
		"profiles/ec2.yaml":
			"aws: {keyPair: old, sshFrom: [203.0.113.0/24], subnetId: subnet-0123456789abcdef0, tags: {a: x, b: y}}",
		"fx.yaml":
			"extends: profiles/ec2\naws: {instanceType: m6i.metal, count: 1, image: {distribution: al2023}, keyPair: fleet, tags: {b: z}}",
	});
	expect(host?.aws).toMatchObject({
		keyPair: "fleet",
		tags: { a: "x", b: "z" },
	});
});

test("a group of machines beside one of instances is none of its business", () => {
	const hosts = load({
		"fx.yaml": instances(),
		"other.yaml": `machines:\n  m: {address: 192.0.2.1, hostKey: ${ed25519()}}\n`,
	});
	expect(hosts.map(({ name }) => name)).toEqual(["fx-1", "fx-2", "m"]);
});

test("the number of a host is part of its name, which must be a host name", () => {
	const places = problemsOf({ "Fx_1.yaml": instances() }).map(
		(problem) => problem.split(": ")[1],
	);
	expect(places).toEqual(["aws.Fx_1-1", "aws.Fx_1-2"]);
});
