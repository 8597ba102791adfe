/** The resource types and functions that the stand-in knows. */
import type { Account, Image, Properties, Stored } from "./account";
import { launch, powerOff, powerOn } from "./instances";

interface ResourceType {
	/** Of an id; types without one are known by their name. */
	readonly prefix?: string;
	/** Inputs whose change needs another object; every one when absent. */
	readonly replaces?: readonly string[];
	/** What AWS adds to a new object. */
	added?(account: Account, id: string, inputs: Properties): Properties;
	/** Goes on after the call has been answered. */
	afterwards?(account: Account, stored: Stored): Promise<void>;
	beforeDelete?(account: Account, stored: Stored): Promise<void>;
}

function attachable(account: Account, inputs: Properties): void {
	const other = account
		.usersOf(String(inputs.volumeId))
		.find(({ type }) => type === "aws:ec2/volumeAttachment:VolumeAttachment");
	if (other !== undefined) {
		throw new Error(`VolumeInUse: attached to ${other.inputs.instanceId}`);
	}
}

export const types: { readonly [type: string]: ResourceType } = {
	"aws:ec2/instance:Instance": {
		prefix: "i",
		replaces: [
			"ami",
			"subnetId",
			"keyName",
			"placementGroup",
			"associatePublicIpAddress",
			"rootBlockDevice",
		],
		added: launch,
		afterwards: powerOn,
		beforeDelete: (account, { id }) => powerOff(account, id),
	},
	"aws:ec2/placementGroup:PlacementGroup": { replaces: ["name", "strategy"] },
	"aws:ec2/securityGroup:SecurityGroup": {
		prefix: "sg",
		replaces: ["name", "description", "vpcId"],
	},
	"aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
		prefix: "sgr",
	},
	"aws:ebs/volume:Volume": {
		prefix: "vol",
		replaces: ["availabilityZone", "encrypted"],
	},
	"aws:ec2/volumeAttachment:VolumeAttachment": {
		prefix: "vai",
		added: (account, _id, inputs) => {
			attachable(account, inputs);
			return {};
		},
		async beforeDelete(account, { inputs }) {
			const instance = account.get(String(inputs.instanceId));
			if (instance !== undefined) {
				account.log(`stop ${instance.id}`);
				await powerOff(account, instance.id);
			}
		},
	},
	"aws:ec2/networkInterface:NetworkInterface": {
		prefix: "eni",
		replaces: ["subnetId"],
	},
	"aws:iam/role:Role": { replaces: ["name"] },
	"aws:iam/rolePolicyAttachment:RolePolicyAttachment": { prefix: "rpa" },
	"aws:iam/instanceProfile:InstanceProfile": { replaces: ["name"] },
};

function matches(pattern: string, text: string): boolean {
	const literal = (part: string) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
	const parts = pattern.split("*").map(literal);
	return new RegExp(`^${parts.join(".*")}$`).test(text);
}

function filterOf(args: Properties, name: string): string {
	const filters = args.filters as readonly {
		readonly name: string;
		readonly values: readonly string[];
	}[];
	return filters.find((filter) => filter.name === name)?.values[0] ?? "*";
}

function getAmi(account: Account, args: Properties): Properties {
	const owners = args.owners as readonly string[];
	const found: Image | undefined = account
		.settings()
		.images.filter(
			({ owner, name, architecture }) =>
				owners.includes(owner) &&
				matches(filterOf(args, "name"), name) &&
				architecture === filterOf(args, "architecture"),
		)
		.toSorted((a, b) => (a.creationDate > b.creationDate ? -1 : 1))[0];
	if (found === undefined || args.mostRecent !== true) {
		throw new Error("Your query returned no results");
	}
	return { ...args, ...found };
}

export const functions: {
	readonly [token: string]: (account: Account, args: Properties) => Properties;
} = {
	"aws:ec2/getAmi:getAmi": getAmi,
	"aws:ec2/getSubnet:getSubnet": (_account, { id }) => ({
		id,
		vpcId: "vpc-0123456789abcdef0",
		availabilityZone: "xx-test-1a",
	}),
};
