/**
 * The EC2 resources that an inventory asks for, as the engine would describe
 * them to a rule, so that rules about them need neither an engine nor AWS.
 */
import {
	instanceArguments,
	securityGroupArguments,
	volumeArguments,
} from "../inventory/ec2Arguments";
import type { HostSpec, InstanceSpec } from "../model/hostSpec";
import { instanceType, securityGroupType, volumeType } from "./ec2";
import type { CloudResource, CloudRule, Context, Finding } from "./rule";

/** What only AWS can say; set, but equal to nothing that a rule looks for. */
export const toBeKnown = "known once it is made";

interface Described {
	readonly resource: CloudResource;
	/** The host whose description asks for it. */
	readonly host: string;
	/** Where in that description. */
	readonly path: string;
}

function ofInstance(spec: InstanceSpec): readonly Described[] {
	const { name, aws } = spec;
	const props = instanceArguments(spec, {
		ami: toBeKnown,
		placementGroup: aws.placementGroup ?? toBeKnown,
		securityGroupId: toBeKnown,
		instanceProfile: aws.instanceProfile ?? toBeKnown,
		userData: toBeKnown,
	});
	const volumes = Object.entries(aws.volumes ?? {}).map((declared) => {
		const { name: volume, ...args } = volumeArguments(
			spec,
			declared,
			toBeKnown,
		);
		return {
			resource: { type: volumeType, name: volume, props: args.volume },
			host: name,
			path: `aws.volumes.${declared[0]}`,
		};
	});
	return [
		{ resource: { type: instanceType, name, props }, host: name, path: "aws" },
		...volumes,
	];
}

function ofGroup(spec: InstanceSpec): Described {
	const { port } = spec.connection;
	return {
		resource: {
			type: securityGroupType,
			name: spec.group,
			props: securityGroupArguments(spec, port, toBeKnown),
		},
		host: spec.name,
		path: "aws",
	};
}

/** Every resource that a rule can judge; what a group shares, once. */
export function describedResources(
	hosts: readonly HostSpec[],
): readonly Described[] {
	const instances = hosts.filter((host) => host.aws !== undefined);
	const groups = new Set(instances.map(({ group }) => group));
	const firsts = [...groups].flatMap(
		(group) => instances.find((each) => each.group === group) ?? [],
	);
	return [...firsts.map(ofGroup), ...instances.flatMap(ofInstance)];
}

/** What a rule finds in them, at the host and the place that ask for it. */
export function describedFindings(
	rule: CloudRule,
	hosts: readonly HostSpec[],
	context: Context,
): readonly Finding[] {
	return describedResources(hosts)
		.filter(({ resource }) => rule.types.includes(resource.type))
		.flatMap(({ resource, host, path }) =>
			rule.judge(resource, context).map((finding) => ({
				...finding,
				host,
				path: `${path}.${finding.path}`,
			})),
		);
}
