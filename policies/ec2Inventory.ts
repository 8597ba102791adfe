/**
 * The EC2 resources of an inventory, in the form in which the engine shows
 * them to a policy. lint judges them without an engine and without AWS.
 */
import {
	instanceArguments,
	securityGroupArguments,
	volumeArguments,
} from "../inventory/ec2Arguments";
import type { HostSpec, InstanceSpec } from "../model/hostSpec";
import { instanceType, securityGroupType, volumeType } from "./ec2Properties";
import type { CloudResource, CloudRule, Context, Finding } from "./rule";

/** Stands for a value that only AWS knows; no rule looks for this text. */
export const toBeKnown = "known after creation";

interface Described {
	readonly resource: CloudResource;
	/** The host whose description declares it. */
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

/** Every resource that a rule can judge; shared resources of a group once. */
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

/** Findings of a rule, each with the host and the place that declare it. */
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
