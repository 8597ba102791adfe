/** Groups of EC2 instances: names, defaults, and everything that is refused. */
import { expect, test } from "@jest/globals";
import { ed25519, load, problemsOf } from "../inventoryDirectory";

const required = `
  instanceType: c7i.metal-24xl
  count: 2
  subnetId: subnet-0123456789abcdef0
  image: {distribution: debian-12}
  keyPair: fleet
  sshFrom: [203.0.113.0/24]`;

function group(lines = "", aws = required): string {
	return `aws:${aws}\n${lines}\n`;
}

/** The group with one key of `aws` more, or another value of one. */
function withKey(key: string, value: string): string {
	const others = required
		.split("\n")
		.filter((line) => !line.startsWith(`  ${key}:`));
	return group("", `${others.join("\n")}\n  ${key}: ${value}`);
}

test("hosts are numbered, and each says what its instance is made from", () => {
	const hosts = load({
		"fx.yaml": group("rollout: {canary: fx-2, maxUnavailable: 50%}"),
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
	const five = required.replace("count: 2", "count: 5");
	const hosts = load({ "fx.yaml": group("", `${five}\n  shards: ${shards}`) });
	expect(hosts.map(({ shard }) => shard)).toEqual(taken);
	for (const { aws } of hosts) expect(aws).not.toHaveProperty("shards");
});

test("instances without shards have none", () => {
	const [host] = load({ "fx.yaml": group() });
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
		"fx.yaml": group(),
		"other.yaml": `machines:\n  m: {address: 192.0.2.1, hostKey: ${ed25519()}}\n`,
	});
	expect(hosts.map(({ name }) => name)).toEqual(["fx-1", "fx-2", "m"]);
});

test.each([
	["instanceType", "c7i.24xlarge", "expected a bare-metal instance type"],
	["count", "0", "1 to 1000"],
	["subnetId", "vpc-0123456789abcdef0", "an id such as subnet-"],
	["image", "{}", "either distribution or amiId, got neither"],
	[
		"image",
		"{distribution: al2023, amiId: ami-0123456789abcdef0}",
		"either distribution or amiId, got both",
	],
	["image", "{distribution: debian-13}", "got .*debian-13"],
	["image", "{amiId: ami-0123456789abcdef0}", "connection: \\{user: ...\\}"],
	["sshFrom", "[]", "at least one network, got none"],
	["sshFrom", "[0.0.0.0/0]", "which is every network"],
	["sshFrom", '["::/0"]', "which is every network"],
	["sshFrom", "[203.0.113.9/24]", "expected 203.0.113.0/24, which is the same"],
	["sshFrom", "[203.0.113.9]", "a network such as"],
	["rootVolume", "{type: io2}", "expected iops, as io2 has no default"],
	["rootVolume", "{type: gp3, iops: 200}", "at least 3000 iops"],
	[
		"rootVolume",
		"{type: io2, iops: 200, throughputMiBps: 500}",
		"throughputMiBps with gp3 only",
	],
	["volumes", "{sda: {sizeGiB: 1}}", "a device name from sdf to sdp"],
	["volumes", "{sdf: {type: gp3}}", "sizeGiB: this key is required"],
	["tags", "{Name: x}", "neither with aws:"],
	["tags", '{"aws:x": y}', "neither with aws:"],
	["region", "frankfurt", "a region such as"],
	["secondaryInterfaces", "15", "1 to 14"],
	["shards", "[a, b, c]", "1 to 2 names in shards, no more than count, got 3"],
	["shards", "[]", "1 to 2 names in shards, no more than count, got 0"],
	["shards", "[a b]", "aws.shards.0.: expected a name of letters"],
	["hostKey", "x", "this key is not known"],
])("aws.%s: %s is refused", (key, value, why) => {
	const problems = problemsOf({ "fx.yaml": withKey(key, value) });
	expect(problems.join("\n")).toMatch(new RegExp(`^hosts/fx.yaml:.*${why}`));
});

test("what cannot be at once is refused, at its place", () => {
	const machines = `machines:\n  m: {address: 192.0.2.1, hostKey: ${ed25519()}}`;
	expect(problemsOf({ "fx.yaml": group(machines) })).toEqual([
		"hosts/fx.yaml:1:1: aws: expected either machines or aws, got both; null removes an inherited aws",
	]);
	expect(
		problemsOf({ "fx.yaml": group("rollout: {onDestroy: keep}") }),
	).toEqual([
		"hosts/fx.yaml:8:11: rollout.onDestroy: expected none with aws, as destroying ends the instance itself, got one; null removes an inherited one",
	]);
	expect(problemsOf({ "fx.yaml": group("rollout: {canary: fx-3}") })).toEqual([
		expect.stringContaining('got "fx-3"'),
	]);
	expect(problemsOf({ "Fx_1.yaml": group() }).join("\n")).toMatch(
		/aws\.Fx_1-1: expected a host name/,
	);
});

test("two groups whose hosts have one name are refused", () => {
	const text = problemsOf({
		"fx.yaml": group(),
		"other.yaml": `machines:\n  fx-1: {address: 192.0.2.1, hostKey: ${ed25519()}}\n`,
	}).join("\n");
	expect(text).toContain("expected each name once, got fx-1");
});
