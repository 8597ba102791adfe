/** EC2 resources that pass and that do not, as the engine describes them. */
import type { Properties } from "../../policies/rule";

const instance = "aws:ec2/instance:Instance";
const group = "aws:ec2/securityGroup:SecurityGroup";
const rule = "aws:ec2/securityGroupRule:SecurityGroupRule";
const ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

/** An instance with which nothing is wrong. */
export const goodInstance: Properties = {
	instanceType: "c7i.metal-24xl",
	metadataOptions: { httpTokens: "required" },
	rootBlockDevice: { encrypted: true },
	placementGroup: "fast",
	tags: { Name: "fx-1", Owner: "trading" },
};

export interface CloudCase {
	readonly rule: string;
	readonly name: string;
	readonly type: string;
	readonly props: Properties;
	readonly finds: readonly string[];
}

function changed(
	rule: string,
	name: string,
	props: Properties,
	finds: readonly string[],
): CloudCase {
	return {
		rule,
		name,
		type: instance,
		props: { ...goodInstance, ...props },
		finds,
	};
}

function open(
	name: string,
	type: string,
	props: Properties,
	finds: readonly string[],
): CloudCase {
	return { rule: "ec2SshNotPublic", name, type, props, finds };
}

const world = ["0.0.0.0/0"];

export const cloudCases: readonly CloudCase[] = [
	changed("ec2MetalType", "virtual", { instanceType: "c7i.24xlarge" }, [
		"instanceType",
	]),
	changed(
		"ec2MetalType",
		"metal of one size",
		{ instanceType: "m5.metal" },
		[],
	),
	changed("ec2MetalType", "not quite", { instanceType: "x.metallic" }, [
		"instanceType",
	]),
	changed("ec2ImdsV2", "version 1 as well", { metadataOptions: undefined }, [
		"metadataOptions.httpTokens",
	]),
	changed(
		"ec2ImdsV2",
		"no service at all",
		{ metadataOptions: { httpEndpoint: "disabled" } },
		[],
	),
	changed("ec2Encrypted", "a clear root", { rootBlockDevice: {} }, [
		"rootBlockDevice.encrypted",
	]),
	changed(
		"ec2Encrypted",
		"one clear disk of two",
		{ ebsBlockDevices: [{ encrypted: true }, { encrypted: false }] },
		["ebsBlockDevices[1].encrypted"],
	),
	{
		rule: "ec2Encrypted",
		name: "a clear volume",
		type: "aws:ebs/volume:Volume",
		props: { size: 1 },
		finds: ["encrypted"],
	},
	changed("ec2PlacementGroup", "anywhere", { placementGroup: undefined }, [
		"placementGroup",
	]),
	changed("ec2Tags", "an empty tag", { tags: { Name: "x", Owner: "" } }, [
		"tags.Owner",
	]),
	changed(
		"ec2Tags",
		"a tag of the provider",
		{ tags: { Name: "x" }, tagsAll: { Owner: "y" } },
		[],
	),
	open(
		"port 22 for all",
		group,
		{
			ingress: [
				{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: world },
				{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: world },
			],
		},
		["ingress[1]"],
	),
	open(
		"within a range, by IPv6",
		rule,
		{
			type: "ingress",
			protocol: "tcp",
			fromPort: 0,
			toPort: 1023,
			ipv6CidrBlocks: ["::/0"],
		},
		[""],
	),
	open(
		"everything for all",
		ingress,
		{ ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" },
		[""],
	),
	open(
		"outwards",
		rule,
		{ type: "egress", protocol: "-1", cidrBlocks: world },
		[],
	),
	open(
		"for an office, and the port above",
		group,
		{
			ingress: [
				{
					protocol: "tcp",
					fromPort: 22,
					toPort: 22,
					cidrBlocks: ["192.0.2.0/24"],
				},
				{ protocol: "tcp", fromPort: 23, toPort: 65535, cidrBlocks: world },
				{ protocol: "udp", fromPort: 22, toPort: 22, cidrBlocks: world },
			],
		},
		[],
	),
];
