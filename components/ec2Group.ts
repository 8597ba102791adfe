/**
 * What the EC2 instances of one group share: where they are placed, who may
 * log in, and the way in when SSH is lost.
 */
import * as ec2 from "@pulumi/aws/ec2";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { isIPv6Network } from "../inventory/cidr";
import type { AwsSpec } from "../inventory/decodeAws";
import { imageQuery } from "./ec2Image";

const trustedByEc2 = JSON.stringify({
	Version: "2012-10-17",
	Statement: [
		{
			Effect: "Allow",
			Principal: { Service: "ec2.amazonaws.com" },
			Action: "sts:AssumeRole",
		},
	],
});

const sessionManager = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";

/** `region` where it is not the provider's own. */
export function regionOf({ region }: AwsSpec) {
	return region === undefined ? {} : { region };
}

// Rules in the group itself, so that one that was added by hand is drift.
function firewallRules(sshFrom: readonly string[], port: number) {
	const ssh = {
		description: "SSH",
		protocol: "tcp",
		fromPort: port,
		toPort: port,
	};
	const [v4, v6] = [false, true].map((wanted) =>
		sshFrom.filter((network) => isIPv6Network(network) === wanted),
	);
	return {
		ingress: [{ ...ssh, cidrBlocks: v4 ?? [], ipv6CidrBlocks: v6 ?? [] }],
		egress: [
			{
				protocol: "-1",
				fromPort: 0,
				toPort: 0,
				cidrBlocks: ["0.0.0.0/0"],
				ipv6CidrBlocks: ["::/0"],
			},
		],
	};
}

export class Ec2Group extends pulumi.ComponentResource {
	readonly placementGroup: pulumi.Input<string>;
	readonly instanceProfile: pulumi.Input<string>;
	readonly securityGroupId: pulumi.Output<string>;
	readonly availabilityZone: pulumi.Output<string>;
	/** The newest image today; an instance keeps the one it was made from. */
	readonly ami: pulumi.Input<string>;
	readonly tags: { readonly [key: string]: string };

	/** @param port on which SSH is let in. */
	constructor(
		private readonly group: string,
		private readonly spec: AwsSpec,
		port: number,
		options: pulumi.ComponentResourceOptions,
	) {
		super("metaltune:index:Ec2Group", group, {}, options);
		this.tags = { ...spec.tags, "metaltune:group": group };
		const region = regionOf(spec);
		const subnet = ec2.getSubnetOutput(
			{ id: spec.subnetId, ...region },
			{ parent: this },
		);
		this.availabilityZone = subnet.availabilityZone;
		this.ami =
			"amiId" in spec.image
				? spec.image.amiId
				: ec2.getAmiOutput(
						{
							...imageQuery(spec.image.distribution, spec.instanceType),
							...region,
						},
						{ parent: this },
					).id;
		this.placementGroup = spec.placementGroup ?? this.makePlacementGroup();
		this.instanceProfile = spec.instanceProfile ?? this.makeProfile();
		this.securityGroupId = new ec2.SecurityGroup(
			group,
			{
				description: `metaltune group ${group}`,
				vpcId: subnet.vpcId,
				...firewallRules(spec.sshFrom, port),
				tags: this.named(group),
				...region,
			},
			{ parent: this },
		).id;
		this.registerOutputs({});
	}

	/** The tags of something with a name of its own. */
	named(name: string): { readonly [key: string]: string } {
		return { ...this.tags, Name: name };
	}

	// As near to each other as AWS can: for latency between them.
	private makePlacementGroup(): pulumi.Output<string> {
		const { group, spec } = this;
		return new ec2.PlacementGroup(
			group,
			{ strategy: "cluster", tags: this.named(group), ...regionOf(spec) },
			{ parent: this },
		).name;
	}

	private makeProfile(): pulumi.Output<string> {
		const { group, tags } = this;
		const parent = { parent: this };
		const role = new iam.Role(
			group,
			{ assumeRolePolicy: trustedByEc2, tags },
			parent,
		);
		const allowed = new iam.RolePolicyAttachment(
			group,
			{ role: role.name, policyArn: sessionManager },
			parent,
		);
		// An instance that boots before its role allows it gives up on Session
		// Manager for a while.
		return new iam.InstanceProfile(
			group,
			{ role: role.name, tags },
			{ ...parent, dependsOn: [allowed] },
		).name;
	}
}
