/** What is asked of AWS for a group of instances, with the engine mocked. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { beforeEach, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import type { AwsSpec } from "../../../model/ec2";
import type { InstanceSpec } from "../../../model/hostSpec";
import { configurationOf } from "../../../policies/configuration";
import { describedResources, toBeKnown } from "../../../policies/ec2Inventory";
import { rules } from "../../../policies/ruleRegistry";

type Inputs = { readonly [name: string]: unknown };

interface Made {
	readonly type: string;
	readonly name: string;
	readonly inputs: Inputs;
}

const made: Made[] = [];
const called: { readonly token: string; readonly inputs: Inputs }[] = [];

function spec(aws: Partial<AwsSpec> = {}, index = 1): InstanceSpec {
	return {
		name: `fx-${index}`,
		group: "fx",
		connection: { port: 2222, user: "admin", become: true },
		aws: {
			instanceType: "c7i.metal-24xl",
			subnetId: "subnet-0123456789abcdef0",
			image: { distribution: "debian-12" },
			keyPair: "fleet",
			sshFrom: ["203.0.113.0/24", "2001:db8::/32"],
			address: "private",
			rootVolume: { type: "gp3" },
			tags: { Owner: "trading" },
			...aws,
		},
		tuning: {},
		applications: {},
		rollout: {
			reboot: "auto",
			rebootTimeoutSeconds: 900,
			rollbackSeconds: 300,
			onDestroy: "revert",
		},
		settings: [],
	};
}

async function deploy(specs: readonly InstanceSpec[]): Promise<void> {
	const { Fleet } = await import("../../../components/fleet");
	const fleet = new Fleet("fleet", specs);
	await new Promise((resolve) => fleet.status.apply(resolve));
}

function only(type: string, name?: string): Made {
	const found = made.filter(
		(each) => each.type === type && each.name === (name ?? each.name),
	);
	expect([type, found.length]).toEqual([type, 1]);
	return found[0] as Made;
}

function count(type: string): number {
	return made.filter((each) => each.type === type).length;
}

const instance = "aws:ec2/instance:Instance";
const instanceOf = () => only(instance).inputs;

beforeEach(async () => {
	made.length = 0;
	called.length = 0;
	await pulumi.runtime.setMocks(
		{
			newResource({ type, name, inputs }) {
				made.push({ type, name, inputs });
				const added: { readonly [type: string]: Inputs } = {
					[instance]: { privateIp: "10.0.0.7", publicIp: "192.0.2.7" },
					"metaltune:index:HostKey": {
						publicKey: "ssh-ed25519 AAAA",
						privateKey: "SECRET\nKEY\n",
					},
					"metaltune:index:HostState": { applyRevision: 3, readyRevision: 7 },
				};
				return {
					id: `${name}-id`,
					state: { ...inputs, name: `${name}-name`, ...added[type] },
				};
			},
			call({ token, inputs }) {
				called.push({ token, inputs });
				return token === "aws:ec2/getAmi:getAmi"
					? { id: "ami-00000001" }
					: { vpcId: "vpc-1", availabilityZone: "xx-1a" };
			},
		},
		"project",
		"stack",
		false,
	);
});

test("a group shares placement, firewall and profile; a host has the rest", async () => {
	await deploy([spec({}, 1), spec({}, 2)]);
	for (const type of [
		"aws:ec2/placementGroup:PlacementGroup",
		"aws:ec2/securityGroup:SecurityGroup",
		"aws:iam/role:Role",
		"aws:iam/rolePolicyAttachment:RolePolicyAttachment",
		"aws:iam/instanceProfile:InstanceProfile",
	]) {
		only(type, "fx");
	}
	expect(count(instance)).toBe(2);
	expect(count("metaltune:index:HostKey")).toBe(2);
	expect(only("aws:ec2/placementGroup:PlacementGroup").inputs.strategy).toBe(
		"cluster",
	);
	expect(
		only("aws:iam/rolePolicyAttachment:RolePolicyAttachment").inputs.policyArn,
	).toBe("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore");
});

test("an instance is what it is asked to be, and no rule refuses any part", async () => {
	await deploy([spec({ rootVolume: { type: "io2", sizeGiB: 50, iops: 900 } })]);
	expect(instanceOf()).toMatchObject({
		instanceType: "c7i.metal-24xl",
		ami: "ami-00000001",
		subnetId: "subnet-0123456789abcdef0",
		associatePublicIpAddress: false,
		placementGroup: "fx-name",
		vpcSecurityGroupIds: ["fx-id"],
		iamInstanceProfile: "fx-name",
		keyName: "fleet",
		metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
		rootBlockDevice: { encrypted: true, volumeType: "io2", volumeSize: 50 },
		tags: { Name: "fx-1", Owner: "trading", "metaltune:group": "fx" },
	});
	expect(instanceOf().region).toBeUndefined();
	const configuration = configurationOf(rules, {});
	const found = made.flatMap(({ type, name, inputs: props }) =>
		rules.flatMap((rule) =>
			rule.scope === "resource" && rule.types.includes(type)
				? rule.judge({ type, name, props }, {
						today: "2026-11-21",
						options: configuration.get(rule.name)?.options ?? {},
					} as never)
				: [],
		),
	);
	expect(found).toEqual([]);
});

test("the resources have the properties that rules judge in the inventory", async () => {
	const specs = [1, 2].map((index) =>
		spec(
			{
				volumes: { sdf: { type: "io2", sizeGiB: 100, iops: 900 } },
				securityGroupIds: ["sg-0123456789abcdef0"],
				region: "eu-central-1",
			},
			index,
		),
	);
	await deploy(specs);
	const described = describedResources(specs);
	const judged = new Set(described.map(({ resource: { type } }) => type));
	// Neither more nor fewer of the types that rules can judge.
	expect(made.filter(({ type }) => judged.has(type))).toHaveLength(
		described.length,
	);
	const unknown = JSON.stringify(toBeKnown);
	for (const { resource } of described) {
		const { inputs } = only(resource.type, resource.name);
		const known = Object.entries(resource.props).filter(
			([, value]) => !JSON.stringify(value).includes(unknown),
		);
		expect(known.length).toBeGreaterThan(4);
		expect(inputs).toMatchObject(Object.fromEntries(known));
		expect(Object.keys(inputs).toSorted()).toEqual(
			Object.keys(resource.props).toSorted(),
		);
	}
});

test("user data is the host key, sealed, and nothing else", async () => {
	await deploy([spec()]);
	const sealed = Object(instanceOf().userData);
	expect(Object.keys(sealed)).toContain("4dabf18193072939515e22adb298388d");
	expect(sealed.value).toMatch(/^#cloud-config\n/);
	expect(parse(sealed.value)).toEqual({
		ssh_deletekeys: true,
		ssh_keys: {
			ed25519_private: "SECRET\nKEY\n",
			ed25519_public: "ssh-ed25519 AAAA",
		},
	});
});

test("SSH is let in on the group's port, from the networks of both families", async () => {
	await deploy([spec()]);
	const { ingress } = only("aws:ec2/securityGroup:SecurityGroup").inputs;
	expect(ingress).toEqual([
		{
			description: "SSH",
			protocol: "tcp",
			fromPort: 2222,
			toPort: 2222,
			cidrBlocks: ["203.0.113.0/24"],
			ipv6CidrBlocks: ["2001:db8::/32"],
		},
	]);
});

test.each([
	["debian-12", "c7i.metal-24xl", "136693071363", "debian-12-amd64-*"],
	[
		"ubuntu-24.04",
		"m6i.metal",
		"099720109477",
		"ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*",
	],
	[
		"ubuntu-24.04",
		"c7gn.metal",
		"099720109477",
		"ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-arm64-server-*",
	],
	["al2023", "c7g.metal", "amazon", "al2023-ami-2023.*-kernel-6.1-arm64"],
	["al2023", "g4dn.metal", "amazon", "al2023-ami-2023.*-kernel-6.1-x86_64"],
] as const)(
	"%s on %s comes from its maker",
	async (distribution, instanceType, owner, name) => {
		await deploy([spec({ image: { distribution }, instanceType })]);
		const [query] = called.filter(({ token }) => token.includes("getAmi"));
		expect(query?.inputs).toMatchObject({
			owners: [owner],
			mostRecent: true,
			filters: expect.arrayContaining([
				{ name: "name", values: [name] },
				{ name: "ena-support", values: ["true"] },
			]),
		});
	},
);

test("groups that the inventory names are used, and not created", async () => {
	await deploy([
		spec({
			image: { amiId: "ami-0123456789abcdef0" },
			placementGroup: "shared",
			instanceProfile: "ours",
			securityGroupIds: ["sg-0123456789abcdef0"],
			address: "public",
			region: "eu-central-1",
		}),
	]);
	expect(called.map(({ token }) => token)).toEqual([
		"aws:ec2/getSubnet:getSubnet",
	]);
	expect(called[0]?.inputs.region).toBe("eu-central-1");
	expect(instanceOf()).toMatchObject({
		ami: "ami-0123456789abcdef0",
		placementGroup: "shared",
		iamInstanceProfile: "ours",
		vpcSecurityGroupIds: ["fx-id", "sg-0123456789abcdef0"],
		associatePublicIpAddress: true,
		region: "eu-central-1",
	});
	expect(made.map(({ type }) => type).join()).not.toMatch(
		/placementGroup|iam\//,
	);
	expect(Object(only("metaltune:index:HostState").inputs).connection).toEqual(
		expect.objectContaining({ host: "192.0.2.7" }),
	);
});

test("volumes and interfaces are resources of their own", async () => {
	await deploy([
		spec({
			volumes: { sdf: { type: "gp3", sizeGiB: 100, throughputMiBps: 500 } },
			secondaryInterfaces: 2,
		}),
	]);
	expect(only("aws:ebs/volume:Volume", "fx-1-sdf").inputs).toMatchObject({
		encrypted: true,
		size: 100,
		type: "gp3",
		throughput: 500,
		availabilityZone: "xx-1a",
	});
	expect(
		only("aws:ec2/volumeAttachment:VolumeAttachment").inputs,
	).toMatchObject({ deviceName: "/dev/sdf", instanceId: "fx-1-id" });
	expect(
		only("aws:ec2/networkInterface:NetworkInterface", "fx-1-eni2").inputs
			.attachments,
	).toEqual([{ instance: "fx-1-id", deviceIndex: 2 }]);
});

test("the host is reached as it was made", async () => {
	await deploy([spec()]);
	expect(only("metaltune:index:HostState").inputs).toMatchObject({
		connection: {
			host: "10.0.0.7",
			port: 2222,
			user: "admin",
			hostKey: "ssh-ed25519 AAAA",
		},
		instanceId: "fx-1-id",
	});
});

test("artifacts are uploaded again to another instance", async () => {
	const tool = { binary: "LICENSE", sha256: "0".repeat(64), args: [] };
	const host = spec();
	await deploy([{ ...host, applications: { tool } as never }]);
	expect(only("command:remote:CopyToRemote").inputs.triggers).toEqual([
		"ssh-ed25519 AAAA",
		"fx-1-id",
	]);
});

test("the AWS SDK is loaded by EC2 alone", () => {
	const loaded = (module: string) =>
		execFileSync(
			process.execPath,
			[
				"--require",
				"tsx/cjs",
				"--eval",
				`require("./components/${module}"); console.log(Object.keys(require.cache).some((file) => file.includes("@pulumi/aws/")))`,
			],
			{ cwd: join(__dirname, "../../.."), encoding: "utf8" },
		).trim();
	expect(loaded("fleet")).toBe("false");
	expect(loaded("ec2/bareMetalInstance")).toBe("true");
}, 60_000);
