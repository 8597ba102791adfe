/** On a virtual machine the hypervisor controls many of the tuned settings. */
import { instanceType, ofResource } from "../ec2Properties";
import type { CloudRule } from "../rule";

export const ec2MetalType: CloudRule = {
	name: "ec2MetalType",
	topic: "ec2",
	scope: "resource",
	severity: "mandatory",
	types: [instanceType],
	demand: "Instances have a metal type",
	reason:
		"On a virtual machine the hypervisor decides C-states, frequencies, SMT and the NUMA layout. Other virtual machines on the same hardware add latency",
	source: "Amazon EC2 User Guide, bare metal instances",
	judge: (resource) => {
		const type = resource.props.instanceType;
		// An instance may get its type from a launch template.
		if (type === undefined) return [];
		return typeof type === "string" && /\.metal(?:-|$)/.test(type)
			? []
			: [
					ofResource(
						resource,
						"instanceType",
						`is ${String(type)}, which is not a metal type`,
						"choose a metal type, such as c7i.metal-24xl",
					),
				];
	},
};
