/**
 * The machines of a fleet. The AWS SDK is large, so the modules that need it
 * are loaded only when a group declares EC2 instances.
 */
import * as pulumi from "@pulumi/pulumi";
import type { HostSpec } from "../model/hostSpec";
import type { Endpoint } from "./connectionArgs";
import type { Ec2Group } from "./ec2/group";

/** A machine, as the resources of its host need it. */
export interface Machine {
	readonly endpoint: Endpoint;
	/** The id of its EC2 instance. */
	readonly instanceId?: pulumi.Output<string>;
	/** Resources that must exist before the machine is complete. */
	readonly parts: readonly pulumi.Resource[];
}

function loadEc2() {
	try {
		return {
			...(require("./ec2/group") as typeof import("./ec2/group")),
			...(require("./ec2/bareMetalInstance") as typeof import("./ec2/bareMetalInstance")),
		};
	} catch (error) {
		throw error instanceof Error && error.message.includes("'@pulumi/aws")
			? new pulumi.RunError(
					"a group with `aws` needs @pulumi/aws, which is not installed; run `npm install @pulumi/aws`, or `bin/setup --ec2` in a checkout of metaltune",
				)
			: error;
	}
}

/**
 * Creates the machines of a fleet, one at a time, with what a group shares.
 *
 * @param fleet the parent of all created resources.
 */
export function machineMaker(fleet: pulumi.Resource) {
	const groups = new Map<string, Ec2Group>();
	return (spec: HostSpec, after: readonly pulumi.Resource[]): Machine => {
		if (spec.aws === undefined) {
			return { endpoint: spec.connection, parts: [] };
		}
		const { Ec2Group: Group, BareMetalInstance } = loadEc2();
		const parent = { parent: fleet };
		const group =
			groups.get(spec.group) ?? new Group(spec, spec.connection.port, parent);
		groups.set(spec.group, group);
		return new BareMetalInstance(spec, group, after, parent);
	};
}
