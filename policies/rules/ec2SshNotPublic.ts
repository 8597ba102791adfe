/** Attackers can try every SSH server that is open to all addresses. */
import { listOf, mapOf, ofResource, securityGroupType } from "../ec2Properties";
import type { CloudRule, Properties } from "../rule";

const rule = "aws:ec2/securityGroupRule:SecurityGroupRule";
const ingressRule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

function isForSsh(entry: Properties): boolean {
	const protocol = String(entry.protocol ?? entry.ipProtocol ?? "tcp");
	if (["-1", "all"].includes(protocol)) return true;
	return (
		["tcp", "6"].includes(protocol) &&
		Number(entry.fromPort) <= 22 &&
		Number(entry.toPort) >= 22
	);
}

/** Networks that contain every address, IPv4 or IPv6. */
function openNetworks(entry: Properties): readonly string[] {
	const networks = [
		...listOf(entry.cidrBlocks),
		...listOf(entry.ipv6CidrBlocks),
		entry.cidrIpv4,
		entry.cidrIpv6,
	];
	return networks
		.filter((network) => typeof network === "string")
		.filter((network) => /\/0$/.test(network));
}

function entriesOf(type: string, props: Properties) {
	if (type === securityGroupType) {
		return listOf(props.ingress).map(
			(entry, index) => [`ingress[${index}]`, mapOf(entry)] as const,
		);
	}
	return type === rule && props.type !== "ingress"
		? []
		: [["", props] as const];
}

export const ec2SshNotPublic: CloudRule = {
	name: "ec2SshNotPublic",
	topic: "ec2",
	scope: "resource",
	severity: "mandatory",
	types: [securityGroupType, rule, ingressRule],
	demand: "SSH is not open to all addresses",
	reason:
		"Attackers anywhere can then use a flaw of the server or a lost key. The log fills with login attempts",
	source: "Amazon EC2 User Guide, security group rules",
	judge: (resource) =>
		entriesOf(resource.type, resource.props).flatMap(([path, entry]) =>
			isForSsh(entry)
				? openNetworks(entry).map((network) =>
						ofResource(
							resource,
							path,
							`lets ${network} reach port 22`,
							"name the networks of the administrators",
						),
					)
				: [],
		),
};
