/** Reading properties of EC2 resources, whose shape nobody has checked here. */
import type { CloudResource, Finding, Properties } from "./rule";

export const instanceType = "aws:ec2/instance:Instance";
export const volumeType = "aws:ebs/volume:Volume";
export const securityGroupType = "aws:ec2/securityGroup:SecurityGroup";

/** A value as a map; empty when it is something else. */
export function mapOf(value: unknown): Properties {
	return typeof value === "object" && value !== null && !Array.isArray(value)
		? { ...value }
		: {};
}

/** A value as a list; empty when it is something else. */
export function listOf(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}

/** A finding of a resource's property. */
export function ofResource(
	{ name }: CloudResource,
	path: string,
	wrong: string,
	right: string,
): Finding {
	return { host: name, path, wrong, right };
}
