/**
 * Inventories with one problem, each with its place. The wording of the problem
 * is in __snapshots__; see ../wordings.test.ts.
 */
import { ed25519, type Files } from "../inventoryDirectory";

/** Its name, its files, and `FILE:LINE:COLUMN PATH` of the problem. */
export type BrokenGroup = readonly [name: string, files: Files, place: string];

const key = ed25519();

/** A group of one machine, with more lines before its `machines`. */
export function group(name: string, lines = "", machine = ""): string {
	const last = [...name].reduce((sum, c) => sum + c.charCodeAt(0), 0) % 256;
	return `${lines}\nmachines:\n  ${name}: {address: 192.0.2.${last}, hostKey: ${key}${machine}}\n`;
}

/** What a group of instances must say. */
export const instanceLines = `
  instanceType: c7i.metal-24xl
  count: 2
  subnetId: subnet-0123456789abcdef0
  image: {distribution: debian-12}
  keyPair: fleet
  sshFrom: [203.0.113.0/24]`;

/** A group of EC2 instances. */
export function instances(lines = "", aws = instanceLines): string {
	return `aws:${aws}\n${lines}\n`;
}

/** The instances with one key of `aws` more, or another value of one. */
export function withKey(name: string, value: string): string {
	const others = instanceLines
		.split("\n")
		.filter((line) => !line.startsWith(`  ${name}:`));
	return instances("", `${others.join("\n")}\n  ${name}: ${value}`);
}

/** One file with one line in it that is broken. */
const line = (text: string, place: string): BrokenGroup => [
	text,
	{ "g.yaml": group("m", text) },
	place,
];
const aws = (name: string, value: string, place: string): BrokenGroup => [
	`${name}: ${value}`,
	{ "fx.yaml": withKey(name, value) },
	place,
];

const exception = (until: string) =>
	`exceptions: {mitigations: {owner: x, reason: y, until: ${until}}}`;

/** By part of an inventory. */
export const brokenGroups: {
	readonly [part: string]: readonly BrokenGroup[];
} = {
	topology: [
		line(
			"topology: {numaNodes: [{cpus: 0-3, memoryGiB: 1}]}",
			"hosts/g.yaml:1:11 topology.threadsPerCore",
		),
		line(
			"topology: {threadsPerCore: 1, numaNodes: []}",
			"hosts/g.yaml:1:11 topology",
		),
		line(
			"topology: {threadsPerCore: 1, numaNodes: [{cpus: 3-0, memoryGiB: 1}]}",
			"hosts/g.yaml:1:50 topology.numaNodes[0].cpus",
		),
		line(
			"topology: {threadsPerCore: 1, numaNodes: [{memoryGiB: 1}]}",
			"hosts/g.yaml:1:11 topology",
		),
		line(
			"topology: {threadsPerCore: 2, numaNodes: [{cpus: 0-6, memoryGiB: 1}]}",
			"hosts/g.yaml:1:11 topology",
		),
		line(
			"topology: {threadsPerCore: 2, singleThreadedCpus: 7-8, numaNodes: [{cpus: 0-7, memoryGiB: 1}]}",
			"hosts/g.yaml:1:11 topology",
		),
	],
	exceptions: [
		line(
			"exceptions: {mitigations: {owner: x, reason: y}}",
			"hosts/g.yaml:1:27 exceptions.mitigations.until",
		),
		line(
			exception("2027-02-29"),
			"hosts/g.yaml:1:56 exceptions.mitigations.until",
		),
		line(exception("soon"), "hosts/g.yaml:1:56 exceptions.mitigations.until"),
		line(
			exception("2027-01-31").replace("owner: x", "owner: ''"),
			"hosts/g.yaml:1:35 exceptions.mitigations.owner",
		),
		line(
			exception("2027-01-31").replace("reason: y", "reason: ''"),
			"hosts/g.yaml:1:46 exceptions.mitigations.reason",
		),
		line(
			exception("2027-01-31").replace("mitigations", "a b"),
			"hosts/g.yaml:1:14 exceptions.a b",
		),
	],
	rollout: [
		line("rollout: {canary: mm}", "hosts/g.yaml:1:19 rollout.canary"),
		line(
			"rollout: {maxUnavailable: 0}",
			"hosts/g.yaml:1:27 rollout.maxUnavailable",
		),
		line("rollout: {reboot: nevr}", "hosts/g.yaml:1:19 rollout.reboot"),
		[
			"a canary in a machine",
			{ "g.yaml": group("m", "", ", rollout: {canary: m}") },
			"hosts/g.yaml:3:130 machines.m.rollout.canary",
		],
		[
			"a shard of two words",
			{ "g.yaml": group("m", "", ", shard: a b") },
			"hosts/g.yaml:3:127 machines.m.shard",
		],
		[
			"never rebooting for a boot setting",
			{
				"g.yaml": group(
					"m",
					"rollout: {reboot: never}\ntuning: {kernelCommandLine: {isolcpus: 1}}",
				),
			},
			"hosts/g.yaml:1:19 rollout.reboot",
		],
	],
	aws: [
		aws("instanceType", "c7i.24xlarge", "hosts/fx.yaml:7:17 aws.instanceType"),
		aws("count", "0", "hosts/fx.yaml:7:10 aws.count"),
		aws("subnetId", "vpc-0123456789abcdef0", "hosts/fx.yaml:7:13 aws.subnetId"),
		aws("keyPair", "' '", "hosts/fx.yaml:7:12 aws.keyPair"),
		aws("image", "{}", "hosts/fx.yaml:7:10 aws.image"),
		aws(
			"image",
			"{distribution: al2023, amiId: ami-0123456789abcdef0}",
			"hosts/fx.yaml:7:10 aws.image",
		),
		aws(
			"image",
			"{distribution: debian-13}",
			"hosts/fx.yaml:7:25 aws.image.distribution",
		),
		[
			"an image without a login user",
			{
				"fx.yaml": withKey("image", "{amiId: ami-0123456789abcdef0}").replace(
					"count: 2",
					"count: 1",
				),
			},
			"hosts/fx.yaml:1:1 aws.fx-1",
		],
		aws("sshFrom", "[]", "hosts/fx.yaml:7:12 aws.sshFrom"),
		aws("sshFrom", "[0.0.0.0/0]", "hosts/fx.yaml:7:13 aws.sshFrom[0]"),
		aws("sshFrom", '["::/0"]', "hosts/fx.yaml:7:13 aws.sshFrom[0]"),
		aws("sshFrom", "[203.0.113.9/24]", "hosts/fx.yaml:7:13 aws.sshFrom[0]"),
		aws("sshFrom", "[203.0.113.9]", "hosts/fx.yaml:7:13 aws.sshFrom[0]"),
		aws("rootVolume", "{type: io2}", "hosts/fx.yaml:8:15 aws.rootVolume"),
		aws(
			"rootVolume",
			"{type: gp3, iops: 200}",
			"hosts/fx.yaml:8:15 aws.rootVolume",
		),
		aws(
			"rootVolume",
			"{type: io2, iops: 200, throughputMiBps: 500}",
			"hosts/fx.yaml:8:15 aws.rootVolume",
		),
		aws("volumes", "{sda: {sizeGiB: 1}}", "hosts/fx.yaml:8:13 aws.volumes.sda"),
		aws(
			"volumes",
			"{sdf: {type: gp3}}",
			"hosts/fx.yaml:8:18 aws.volumes.sdf.sizeGiB",
		),
		aws("tags", "{Name: x}", "hosts/fx.yaml:8:10 aws.tags.Name"),
		aws("tags", '{"aws:x": y}', "hosts/fx.yaml:8:10 aws.tags.aws:x"),
		aws("region", "frankfurt", "hosts/fx.yaml:8:11 aws.region"),
		aws(
			"secondaryInterfaces",
			"15",
			"hosts/fx.yaml:8:24 aws.secondaryInterfaces",
		),
		aws("shards", "[a, b, c]", "hosts/fx.yaml:2:3 aws"),
		aws("shards", "[]", "hosts/fx.yaml:2:3 aws"),
		aws("shards", "[a b]", "hosts/fx.yaml:8:12 aws.shards[0]"),
		aws("hostKey", "x", "hosts/fx.yaml:8:3 aws.hostKey"),
		[
			"machines and instances",
			{
				"fx.yaml": instances(
					`machines:\n  m: {address: 192.0.2.1, hostKey: ${key}}`,
				),
			},
			"hosts/fx.yaml:1:1 aws",
		],
		[
			"onDestroy",
			{ "fx.yaml": instances("rollout: {onDestroy: keep}") },
			"hosts/fx.yaml:8:11 rollout.onDestroy",
		],
		[
			"canary",
			{ "fx.yaml": instances("rollout: {canary: fx-3}") },
			"hosts/fx.yaml:8:19 rollout.canary",
		],
		[
			"a name of two groups",
			{ "fx.yaml": instances(), "other.yaml": group("fx-1") },
			"hosts/other.yaml:3:3 machines.fx-1",
		],
	],
	files: [
		[
			"a missing file",
			{ "g.yaml": group("m", "extends: profiles/nope") },
			"hosts/g.yaml:1:10 extends",
		],
		[
			"a name with .yaml",
			{ "g.yaml": group("m", "extends: p.yaml") },
			"hosts/g.yaml:1:10 extends",
		],
		[
			"a file that extends itself",
			{ "g.yaml": group("m", "extends: g") },
			"hosts/g.yaml:1:10 extends",
		],
		[
			"a longer cycle",
			{
				"g.yaml": group("m", "extends: profiles/a"),
				"profiles/a.yaml": "extends: [b]",
				"profiles/b.yaml": "extends: a",
			},
			"hosts/profiles/b.yaml:1:10 extends",
		],
		[
			"extending a group",
			{ "g.yaml": group("m", "extends: h"), "h.yaml": group("n") },
			"hosts/h.yaml:2:1 machines",
		],
		[
			"a group without machines",
			{ "g.yaml": "tuning: {}" },
			"hosts/g.yaml:1:1 machines",
		],
		[
			"a group with no machine left",
			{ "g.yaml": "machines: {}" },
			"hosts/g.yaml:1:11 machines",
		],
		[
			"machines as a list",
			{ "g.yaml": "machines: [m]" },
			"hosts/g.yaml:1:11 machines",
		],
		["a list as file", { "g.yaml": "- a" }, "hosts/g.yaml:1:1 "],
		[
			"one name twice",
			{ "a.yaml": group("m"), "b.yaml": group("m", "", ", port: 23") },
			"hosts/b.yaml:3:3 machines.m",
		],
		[
			"one address twice",
			{
				"a.yaml": group("m", "", ", port: 23").replace(
					"192.0.2.109",
					"2001:DB8::1",
				),
				"b.yaml": group("n", "connection: {port: 23}").replace(
					"192.0.2.110",
					"2001:db8:0::1",
				),
			},
			"hosts/b.yaml:3:3 machines.n",
		],
		[
			"null that removes nothing",
			{ "g.yaml": group("m", "tuning: {smt: ~}") },
			"hosts/g.yaml:1:15 tuning.smt",
		],
		[
			"a directory as binary",
			{
				"g.yaml": group("m", "applications: {fx: {binary: profiles}}"),
				"profiles/p.yaml": "{}",
			},
			"hosts/g.yaml:1:16 applications.fx.binary",
		],
		[
			"a file of an application that is missing",
			{
				"g.yaml": group(
					"m",
					"applications: {fx: {path: /x, files: [{path: c, source: nope}]}}",
				),
			},
			"hosts/g.yaml:1:16 applications.fx.files",
		],
		[
			"a directory that is no directory",
			{
				"g.yaml": group(
					"m",
					"applications: {fx: {binary: g.yaml/, executable: x}}",
				),
			},
			"hosts/g.yaml:1:16 applications.fx.binary",
		],
		[
			"a file that is not UTF-8",
			{ "g.yaml": Buffer.from("a: caf\xe9", "latin1") },
			"hosts/g.yaml:1:7 ",
		],
		[
			"a value that is too deep",
			{ "g.yaml": `a: ${"[".repeat(200)}` },
			"hosts/g.yaml:1:1 ",
		],
		[
			"a directory without a group",
			{ "profiles/p.yaml": "tuning: {}" },
			"hosts:1:1 ",
		],
	],
	YAML: (
		[
			["", "hosts/g.yaml:1:1 "],
			["# c\n", "hosts/g.yaml:1:1 "],
			["---\n", "hosts/g.yaml:1:1 "],
			["a: 1\nb: 2\na: 3", "hosts/g.yaml:3:1 "],
			['1: 1\n"1": 2', "hosts/g.yaml:2:1 "],
			["a:\n\tb: 1\n", "hosts/g.yaml:2:1 "],
			["a: [1,", "hosts/g.yaml:1:7 "],
			["a: b: c", "hosts/g.yaml:1:4 "],
			["a: *no", "hosts/g.yaml:1:4 "],
			["a: &x [*x]", "hosts/g.yaml:1:8 "],
			["---\na: 1\n---\nb: 2", "hosts/g.yaml:3:1 "],
			["? [a]\n: 1", "hosts/g.yaml:1:3 "],
			["~: 1", "hosts/g.yaml:1:1 "],
			[": 1", "hosts/g.yaml:1:1 "],
			["a: !!int 5", "hosts/g.yaml:1:4 "],
		] as const
	).map(([text, place]) => [JSON.stringify(text), { "g.yaml": text }, place]),
};
