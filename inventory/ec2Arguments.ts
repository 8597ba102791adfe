/**
 * The arguments of AWS resources. These functions are pure, so that rules check
 * the same arguments in the inventory that a deployment sends.
 */

import type { AwsSpec, VolumeSpec } from "../model/ec2";
import type { InstanceSpec } from "../model/hostSpec";
import { isIPv6Network } from "./decode/cidr";

/** What all instances of a group have in common. */
export type Ec2GroupSpec = Pick<InstanceSpec, "group" | "aws">;

/** `region` where it differs from the provider's default. */
export function regionOf({ region }: AwsSpec) {
	return region === undefined ? {} : { region };
}

/** The tags of the resources that a group shares. */
export function groupTags({ group, aws }: Ec2GroupSpec): {
	readonly [key: string]: string;
} {
	return { ...aws.tags, "metaltune:group": group };
}

/** The tags of a resource with its own name. */
export function namedTags(group: Ec2GroupSpec, name: string) {
	return { ...groupTags(group), Name: name };
}

function speedArguments({ iops, throughputMiBps }: VolumeSpec) {
	return {
		encrypted: true,
		...(iops === undefined ? {} : { iops }),
		...(throughputMiBps === undefined ? {} : { throughput: throughputMiBps }),
	};
}

/** Names and ids of an instance's parts. */
export interface InstanceParts<T> {
	readonly ami: T;
	readonly placementGroup: T;
	readonly securityGroupId: T;
	readonly instanceProfile: T;
	readonly userData: T;
}

/** One instance. Profiles, roles and networks belong to its group. */
export function instanceArguments<T>(
	spec: InstanceSpec,
	parts: InstanceParts<T>,
) {
	const { name, aws } = spec;
	const tags = namedTags(spec, name);
	return {
		instanceType: aws.instanceType,
		ami: parts.ami,
		subnetId: aws.subnetId,
		associatePublicIpAddress: aws.address === "public",
		placementGroup: parts.placementGroup,
		vpcSecurityGroupIds: [
			parts.securityGroupId,
			...(aws.securityGroupIds ?? []),
		],
		iamInstanceProfile: parts.instanceProfile,
		keyName: aws.keyPair,
		userData: parts.userData,
		// IMDSv2 only, and out of reach of containers one hop away.
		metadataOptions: {
			httpEndpoint: "enabled",
			httpTokens: "required",
			httpPutResponseHopLimit: 1,
		},
		rootBlockDevice: {
			...speedArguments(aws.rootVolume),
			volumeType: aws.rootVolume.type,
			...(aws.rootVolume.sizeGiB === undefined
				? {}
				: { volumeSize: aws.rootVolume.sizeGiB }),
			tags,
		},
		tags,
		...regionOf(aws),
	};
}

/** The name of a data volume, and its arguments. */
export function volumeArguments<T>(
	spec: InstanceSpec,
	[device, volume]: readonly [device: string, volume: VolumeSpec],
	availabilityZone: T,
) {
	const name = `${spec.name}-${device}`;
	return {
		name,
		volume: {
			availabilityZone,
			...speedArguments(volume),
			type: volume.type,
			size: volume.sizeGiB,
			tags: namedTags(spec, name),
			...regionOf(spec.aws),
		},
	};
}

/**
 * The hosts that may log in. The rules are inline in the group, so that a rule
 * that was added by hand is drift.
 *
 * @param port on which SSH is allowed in.
 */
export function securityGroupArguments<T>(
	spec: Ec2GroupSpec,
	port: number,
	vpcId: T,
) {
	const { group, aws } = spec;
	const networks = (isIPv6: boolean) =>
		aws.sshFrom.filter((network) => isIPv6Network(network) === isIPv6);
	return {
		description: `metaltune group ${group}`,
		vpcId,
		ingress: [
			{
				description: "SSH",
				protocol: "tcp",
				fromPort: port,
				toPort: port,
				cidrBlocks: networks(false),
				ipv6CidrBlocks: networks(true),
			},
		],
		egress: [
			{
				protocol: "-1",
				fromPort: 0,
				toPort: 0,
				cidrBlocks: ["0.0.0.0/0"],
				ipv6CidrBlocks: ["::/0"],
			},
		],
		tags: namedTags(spec, group),
		...regionOf(aws),
	};
}
