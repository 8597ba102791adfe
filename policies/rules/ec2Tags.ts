/** An instance without tags has no known owner. */
import { instanceType, mapOf, ofResource } from "../ec2Properties";
import type { CloudRule, Option } from "../rule";

export const ec2Tags: CloudRule<{
	readonly required: Option<readonly string[]>;
}> = {
	name: "ec2Tags",
	topic: "ec2",
	scope: "resource",
	severity: "mandatory",
	types: [instanceType],
	demand: "Instances have the required tags",
	reason:
		"A metal instance costs dollars every hour. Without tags its owner cannot be found",
	source: "Tagging AWS Resources User Guide",
	options: {
		required: {
			description: "Tags that each instance must have, with a value",
			default: ["Name", "Owner"],
		},
	},
	judge: (resource, { options: { required } }) => {
		const tags = {
			...mapOf(resource.props.tagsAll),
			...mapOf(resource.props.tags),
		};
		return required
			.filter((name) => tags[name] === undefined || tags[name] === "")
			.map((name) =>
				ofResource(resource, `tags.${name}`, "is not set", "set it"),
			);
	},
};
