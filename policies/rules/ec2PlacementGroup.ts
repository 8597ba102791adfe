/** The distance between two instances decides the latency between them. */
import { instanceType, ofResource } from "../ec2Properties";
import type { CloudRule } from "../rule";

export const ec2PlacementGroup: CloudRule = {
	name: "ec2PlacementGroup",
	topic: "ec2",
	scope: "resource",
	severity: "mandatory",
	types: [instanceType],
	demand: "Instances are in a placement group",
	reason:
		"Without a placement group, two instances may be far apart in a zone. Two replicas of a shard may even share a rack",
	source: "Amazon EC2 User Guide, Placement groups",
	judge: (resource) => {
		const { placementGroup, placementGroupId } = resource.props;
		return placementGroup !== undefined || placementGroupId !== undefined
			? []
			: [
					ofResource(
						resource,
						"placementGroup",
						"is not set",
						"name a cluster group for low latency, or a spread group for replicas",
					),
				];
	},
};
