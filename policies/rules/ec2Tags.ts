/** What nobody is known to own is neither repaired nor switched off. */
import { instanceType, mapOf, ofResource } from "../ec2";
import type { CloudRule, Option } from "../rule";

export const ec2Tags: CloudRule<{
	readonly required: Option<readonly string[]>;
}> = {
	name: "ec2Tags",
	topic: "ec2",
	scope: "resource",
	severity: "mandatory",
	types: [instanceType],
	demand: "instances have the tags by which they are found and paid for",
	reason: "a metal instance that nobody recognises costs dollars every hour",
	source: "Tagging AWS Resources User Guide",
	options: {
		required: {
			description: "Names of tags that every instance has, not empty",
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
