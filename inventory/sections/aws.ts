/**
 * Decodes `aws`: a group whose machines are EC2 instances, which a deployment
 * creates. See docs/ec2.md.
 */

import {
	type AwsSpec,
	type Distribution,
	distributionUsers,
} from "../../model/ec2";
import { quoted } from "../../model/problem";
import { networkOf } from "../decode/cidr";
import { type Infer, list, map, object, record } from "../decode/decoder";
import { integer, oneOf, text } from "../decode/scalars";
import { shard } from "./rollout";
import { rootVolume, volumes } from "./volumes";

const distributions = Object.keys(distributionUsers) as readonly Distribution[];

const resourceId = (prefix: string, what: string) =>
	text({
		description: `${what}, ${prefix}-...`,
		pattern: new RegExp(`^${prefix}-[0-9a-f]{8,17}$`),
		expected: `an id such as ${prefix}-0123456789abcdef0`,
	});

const nameOf = (what: string) =>
	text({
		description: what,
		pattern: /^[A-Za-z0-9][A-Za-z0-9 _.:/()#,@[\]+=&;{}!$*-]{0,254}$/,
		expected: "a name as AWS shows it",
	});

const image = map(
	object(
		{
			optional: {
				distribution: oneOf(
					distributions,
					"The newest image of this distribution on the day an instance is made; it keeps that one.",
				),
				amiId: resourceId("ami", "A certain image"),
			},
		},
		"What is on the root volume.",
	),
	({ distribution, amiId }, fail) => {
		if (distribution !== undefined && amiId === undefined) {
			return { distribution };
		}
		return amiId !== undefined && distribution === undefined
			? { amiId }
			: fail(
					`expected either distribution or amiId, got ${amiId === undefined ? "neither" : "both"}`,
				);
	},
);

const network = map(
	text({
		description: "A network such as 203.0.113.0/24.",
		expected: "a network such as 203.0.113.0/24",
	}),
	(value, fail) => {
		const normal = networkOf(value);
		if (normal === undefined) {
			return fail(
				`expected a network such as 203.0.113.0/24, got ${quoted(value)}`,
			);
		}
		if (normal.endsWith("/0")) {
			return fail(
				`expected the networks that may log in, got ${value}, which is every network`,
			);
		}
		return normal === value.toLowerCase()
			? normal
			: fail(`expected ${normal}, which is the same, got ${value}`);
	},
);

const networks = map(
	list(network, "The only networks from which SSH connections are accepted."),
	(each, fail) =>
		each.length > 0 ? each : fail("expected at least one network, got none"),
);

const tags = record(
	text({
		description: "A tag's key.",
		pattern: /^(?!aws:)(?!Name$)(?!metaltune:).{1,128}$/,
		expected:
			"a key that is not Name and begins neither with aws: nor metaltune:",
	}),
	text({
		description: "A tag's value.",
		pattern: /^.{1,256}$/,
		expected: "text of at most 256 characters",
	}),
	"Tags of everything that is made for this group.",
);

const section = object(
	{
		required: {
			instanceType: text({
				description: "A bare-metal type, such as c7i.metal-24xl.",
				pattern: /^[a-z][a-z0-9-]*\.metal(?:-[0-9]+xl)?$/,
				expected: "a bare-metal instance type such as c7i.metal-24xl",
			}),
			count: integer({
				description: "How many; they are named GROUP-1, GROUP-2 and so on.",
				min: 1,
				max: 1000,
				unit: "instances",
			}),
			subnetId: resourceId("subnet", "Where they are, and so in which zone"),
			image,
			keyPair: nameOf(
				"Name of an EC2 key pair; its private half is in your SSH agent.",
			),
			sshFrom: networks,
		},
		optional: {
			region: text({
				description:
					"Another region than that of the Pulumi config `aws:region`.",
				pattern: /^[a-z]{2}(?:-[a-z]+)+-[0-9]$/,
				expected: "a region such as eu-central-1",
			}),
			address: oneOf(
				["private", "public"],
				"Which address SSH goes to; private when absent.",
			),
			placementGroup: nameOf(
				"An existing cluster placement group; when absent, this group gets one of its own.",
			),
			instanceProfile: nameOf(
				"An existing instance profile; when absent, this group gets one that allows Session Manager.",
			),
			securityGroupIds: list(
				resourceId("sg", "A security group"),
				"More security groups, for what the applications listen on.",
			),
			secondaryInterfaces: integer({
				description: "ENA interfaces beside the first, which carries SSH.",
				min: 1,
				max: 14,
				unit: "interfaces",
			}),
			shards: list(
				shard,
				"Shards that the instances are of, which take them in turn: with two, 1 and 3 are of the first, 2 and 4 of the second.",
			),
			rootVolume,
			volumes,
			tags,
		},
	},
	"EC2 bare metal in place of machines: metaltune creates the instances with the next up.",
);

/** The section as written; a profile may hold a part of it. */
export const awsSection = map(section, (aws, fail) => {
	const { count, shards } = aws;
	return shards === undefined || (shards.length > 0 && shards.length <= count)
		? aws
		: fail(
				`expected 1 to ${count} names in shards, no more than count, got ${shards.length}`,
			);
});

/** A decoded section with its defaults, as each of its instances has it. */
export function awsOf({
	count: _,
	shards: __,
	...shared
}: Infer<typeof awsSection>): AwsSpec {
	return { address: "private", rootVolume: { type: "gp3" }, ...shared };
}
