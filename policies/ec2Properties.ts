/** Reads properties of EC2 resources, whose types are not checked. */
import type { CloudResource, Finding, Properties } from "./rule";

export const instanceType = "aws:ec2/instance:Instance";
export const volumeType = "aws:ebs/volume:Volume";
export const securityGroupType = "aws:ec2/securityGroup:SecurityGroup";

/** A value as a map; empty if it is not a map. */
export function mapOf(value: unknown): Properties {
	return typeof value === "object" && value !== null && !Array.isArray(value)
		? { ...value }
		: {};
}

/** A value as a list; empty if it is not a list. */
export function listOf(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}

/** A finding about a property of a resource. */
export function ofResource(
	{ name }: CloudResource,
	path: string,
	wrong: string,
	right: string,
): Finding {
	return { host: name, path, wrong, right };
}
