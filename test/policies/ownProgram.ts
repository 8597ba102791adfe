/**
 * A Pulumi program as a user writes one: TunedHost with arguments of its own,
 * and AWS resources of its own beside it. The config `broken` names the rules
 * that the program breaks. Each broken resource has the name of its rule.
 */
import * as ebs from "@pulumi/aws/ebs";
import * as ec2 from "@pulumi/aws/ec2";
import * as vpc from "@pulumi/aws/vpc";
import * as pulumi from "@pulumi/pulumi";
import { TunedHost } from "../../components/tunedHost";
import { parseCpuList } from "../../model/cpuSet";
import type { Connection, MachineSpec } from "../../model/hostSpec";

const broken: readonly string[] =
	new pulumi.Config().getObject<string[]>("broken") ?? [];

/** What a resource is made with: `wrong` if the program breaks the rule. */
function unless<T>(rule: string, { right, wrong }: { right: T; wrong: T }): T {
	return broken.includes(rule) ? wrong : right;
}

const lastKeyBytes = "kTestHostKeyForAProgramOfAUserNotOfAnyHost";

function host(name: string, number: number, own: Partial<Connection>): void {
	const connection: Connection = {
		host: `192.0.2.${number}`,
		port: 22,
		user: "ops",
		become: true,
		hostKey: `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${number}${lastKeyBytes}`,
		...own,
	};
	const spec: MachineSpec = {
		name,
		// A group of its own each, so that rules about groups say nothing.
		group: name,
		connection,
		topology: {
			threadsPerCore: 1,
			numaNodes: [{ cpus: parseCpuList("0-7"), memoryGiB: 64 }],
		},
		tuning: {},
		applications: {},
		rollout: {
			reboot: "manual",
			rebootTimeoutSeconds: 600,
			rollbackSeconds: 60,
			onDestroy: "revert",
		},
		settings: [],
	};
	const machine = { endpoint: connection, parts: [] };
	new TunedHost(spec, { machine, after: [], dependents: [] }, {});
}

// Rules compare hosts in the order of their names: this one comes first.
host("a", 1, {});
host("hostKeyPinned", 2, {
	...unless("hostKeyPinned", { right: {}, wrong: { hostKey: "" } }),
});
host("addressesUnique", 3, {
	...unless("addressesUnique", { right: {}, wrong: { host: "192.0.2.1" } }),
});

const instance = {
	ami: "ami-00000001",
	keyName: "fleet",
	instanceType: "c7i.metal-24xl",
	placementGroup: "fast",
	metadataOptions: { httpTokens: "required" },
	rootBlockDevice: { encrypted: true },
	tags: { Name: "own", Owner: "trading" },
} as const;

new ec2.Instance("ec2MetalType", {
	...instance,
	instanceType: unless("ec2MetalType", {
		right: "c7i.metal-24xl",
		wrong: "c7i.24xlarge",
	}),
});
new ec2.Instance("ec2ImdsV2", {
	...instance,
	metadataOptions: unless("ec2ImdsV2", {
		right: { httpTokens: "required" },
		wrong: { httpTokens: "optional" },
	}),
});
const { placementGroup, ...anywhere } = instance;
new ec2.Instance("ec2PlacementGroup", {
	...anywhere,
	...unless("ec2PlacementGroup", { right: { placementGroup }, wrong: {} }),
});
new ebs.Volume("ec2Encrypted", {
	availabilityZone: "xx-test-1a",
	size: 10,
	encrypted: unless("ec2Encrypted", { right: true, wrong: false }),
});
const { id: securityGroupId } = new ec2.SecurityGroup("own", {});
new vpc.SecurityGroupIngressRule("ec2SshNotPublic", {
	securityGroupId,
	ipProtocol: "tcp",
	fromPort: 22,
	toPort: 22,
	cidrIpv4: unless("ec2SshNotPublic", {
		right: "192.0.2.0/24",
		wrong: "0.0.0.0/0",
	}),
});
