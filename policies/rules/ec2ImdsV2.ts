/** Version 1 of the metadata service gives credentials to any request. */
import { instanceType, mapOf, ofResource } from "../ec2Properties";
import type { CloudRule } from "../rule";

export const ec2ImdsV2: CloudRule = {
	name: "ec2ImdsV2",
	topic: "ec2",
	scope: "resource",
	severity: "mandatory",
	types: [instanceType],
	demand: "The metadata service requires a session token (IMDSv2)",
	reason:
		"Without a token, an attacker who makes a program on the instance fetch a URL gets the credentials of the instance's role",
	source: "Amazon EC2 User Guide, Use IMDSv2",
	judge: (resource) => {
		const { httpTokens, httpEndpoint } = mapOf(resource.props.metadataOptions);
		if (httpTokens === "required" || httpEndpoint === "disabled") return [];
		return [
			ofResource(
				resource,
				"metadataOptions.httpTokens",
				`is ${String(httpTokens ?? "not set")}`,
				"write required",
			),
		];
	},
	remedy: ({ props }) => ({
		...props,
		metadataOptions: {
			...mapOf(props.metadataOptions),
			httpTokens: "required",
		},
	}),
};
