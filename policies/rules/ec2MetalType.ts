/** Half of what is tuned here belongs to the hypervisor of a virtual machine. */
import { instanceType, ofResource } from "../ec2";
import type { CloudRule } from "../rule";

export const ec2MetalType: CloudRule = {
	name: "ec2MetalType",
	topic: "ec2",
	scope: "resource",
	severity: "mandatory",
	types: [instanceType],
	demand: "instances are of a metal type",
	reason:
		"on a virtual machine C-states, frequencies, SMT and the NUMA layout are not the guest's to decide, and a neighbour's interrupts are its latency",
	source: "Amazon EC2 User Guide, bare metal instances",
	judge: (resource) => {
		const type = resource.props.instanceType;
		// An instance of a launch template has its type there.
		if (type === undefined) return [];
		return typeof type === "string" && /\.metal(?:-|$)/.test(type)
			? []
			: [
					ofResource(
						resource,
						"instanceType",
						`is ${String(type)}`,
						"choose a metal type, such as c7i.metal-24xl",
					),
				];
	},
};
