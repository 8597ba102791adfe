/** Where in the building an instance is decides how long a packet takes. */
import { instanceType, ofResource } from "../ec2";
import type { CloudRule } from "../rule";

export const ec2PlacementGroup: CloudRule = {
	name: "ec2PlacementGroup",
	topic: "ec2",
	scope: "resource",
	severity: "mandatory",
	types: [instanceType],
	demand: "instances are in a placement group",
	reason:
		"without one two instances may be at opposite ends of a zone, or both replicas of a shard in one rack",
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
						"name a cluster group for short ways, a spread group for replicas",
					),
				];
	},
};
