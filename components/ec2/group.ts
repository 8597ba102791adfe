/**
 * What the EC2 instances of one group share: placement, access rules, and
 * Session Manager as the way in when SSH is lost.
 */
import * as ec2 from "@pulumi/aws/ec2";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import {
	type Ec2GroupSpec,
	groupTags,
	namedTags,
	regionOf,
	securityGroupArguments,
} from "../../inventory/ec2Arguments";
import { imageQuery } from "./machineImage";

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

export class Ec2Group extends pulumi.ComponentResource {
	readonly placementGroup: pulumi.Input<string>;
	readonly instanceProfile: pulumi.Input<string>;
	readonly securityGroupId: pulumi.Output<string>;
	readonly availabilityZone: pulumi.Output<string>;
	/** The newest image today; an instance keeps the image it was created from. */
	readonly ami: pulumi.Input<string>;

	/** @param port on which SSH is allowed in. */
	constructor(
		private readonly spec: Ec2GroupSpec,
		port: number,
		options: pulumi.ComponentResourceOptions,
	) {
		const { group, aws } = spec;
		super("metaltune:index:Ec2Group", group, {}, options);
		const region = regionOf(aws);
		const subnet = ec2.getSubnetOutput(
			{ id: aws.subnetId, ...region },
			{ parent: this },
		);
		this.availabilityZone = subnet.availabilityZone;
		this.ami =
			"amiId" in aws.image
				? aws.image.amiId
				: ec2.getAmiOutput(
						{
							...imageQuery(aws.image.distribution, aws.instanceType),
							...region,
						},
						{ parent: this },
					).id;
		this.placementGroup = aws.placementGroup ?? this.makePlacementGroup();
		this.instanceProfile = aws.instanceProfile ?? this.makeProfile();
		this.securityGroupId = new ec2.SecurityGroup(
			group,
			securityGroupArguments(spec, port, subnet.vpcId),
			{ parent: this },
		).id;
		this.registerOutputs({});
	}

	// As close together as AWS can place them, for low latency between them.
	private makePlacementGroup(): pulumi.Output<string> {
		const { group, aws } = this.spec;
		return new ec2.PlacementGroup(
			group,
			{
				strategy: "cluster",
				tags: namedTags(this.spec, group),
				...regionOf(aws),
			},
			{ parent: this },
		).name;
	}

	private makeProfile(): pulumi.Output<string> {
		const { group } = this.spec;
		const tags = groupTags(this.spec);
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
		// An instance that boots before its role has the permission stops trying
		// Session Manager for a while.
		return new iam.InstanceProfile(
			group,
			{ role: role.name, tags },
			{ ...parent, dependsOn: [allowed] },
		).name;
	}
}
