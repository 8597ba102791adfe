/**
 * The members of a group: existing machines, or EC2 instances to be created.
 */

import { distributionUsers } from "../model/ec2";
import type { InstanceSpec, MachineSpec } from "../model/hostSpec";
import type { Location, ProblemSink } from "../model/problem";
import type { Infer } from "./decode/decoder";
import type { inventoryDecoders } from "./decoders";
import { awsOf, awsSection } from "./sections/aws";
import {
	accessOf,
	connectionOf,
	type connectionSection,
} from "./sections/connection";
import { type Entry, entryOf, type MapNode, type Node } from "./yaml/node";

/** An instance's declaration, and its place. */
interface Aws {
	readonly at: Location;
	readonly section: Infer<typeof awsSection>;
}

/** The members of a group, in the order of the file. */
export interface Members {
	/** The section of the file that lists them. */
	readonly section: "machines" | "aws";
	/** A name, and what overrides the group; never empty. */
	readonly entries: readonly Entry[];
	/** Only of instances. */
	readonly aws?: Aws;
}

function instances(
	name: string,
	{ keyAt, value }: Entry,
	root: ProblemSink,
): Members | undefined {
	const section = awsSection.decode(value, root.within("aws"));
	if (section === undefined) return undefined;
	return {
		section: "aws",
		aws: { at: keyAt, section },
		entries: Array.from({ length: section.count }, (_, index) => ({
			key: `${name}-${index + 1}`,
			keyAt,
			value: { kind: "map", at: keyAt, entries: shardOf(value, index) },
		})),
	};
}

// Written as in a machine, with the place of its name.
function shardOf(aws: Node, index: number): readonly Entry[] {
	const shards = aws.kind === "map" ? entryOf(aws, "shards")?.value : undefined;
	if (shards?.kind !== "sequence") return [];
	const value = shards.items[index % shards.items.length];
	return value === undefined ? [] : [{ key: "shard", keyAt: value.at, value }];
}

// Destroying the instance destroys everything that was tuned on it.
function refuseOnDestroy(group: MapNode, root: ProblemSink): void {
	const rollout = entryOf(group, "rollout")?.value;
	const found =
		rollout?.kind === "map" ? entryOf(rollout, "onDestroy") : undefined;
	if (found !== undefined) {
		root
			.within("rollout.onDestroy")
			.report(
				found.keyAt,
				"expected none with aws, as destroying ends the instance itself, got one; null removes an inherited one",
			);
	}
}

/**
 * The members of a group.
 *
 * @param group its name, and its file's tree with what it extends merged in.
 * @returns undefined after a problem was reported.
 */
export function membersOf(
	group: { readonly name: string; readonly node: MapNode },
	root: ProblemSink,
): Members | undefined {
	const aws = entryOf(group.node, "aws");
	const machines = entryOf(group.node, "machines");
	if (aws !== undefined && machines !== undefined) {
		root
			.within("aws")
			.report(
				aws.keyAt,
				"expected either machines or aws, got both; null removes an inherited aws",
			);
		return undefined;
	}
	if (aws !== undefined) {
		refuseOnDestroy(group.node, root);
		return instances(group.name, aws, root);
	}
	const value = machines?.value;
	if (value?.kind === "map" && value.entries.length > 0) {
		return { section: "machines", entries: value.entries };
	}
	if (value?.kind === "map" || (value === undefined && !root.isPartial)) {
		root
			.within("machines")
			.report(
				(value ?? group.node).at,
				"expected at least one machine, got none; a file that is only extended belongs in profiles/",
			);
	}
	return undefined;
}

interface Member {
	/** With the sections of its group merged in. */
	readonly merged: Node;
	readonly connection: Infer<typeof connectionSection> | undefined;
	readonly within: ProblemSink;
}

function instanceOf(
	{ at, section }: Aws,
	{ connection, within }: Member,
): Pick<InstanceSpec, "connection" | "aws"> | undefined {
	const { image } = section;
	const user =
		connection?.user ??
		("distribution" in image
			? distributionUsers[image.distribution]
			: undefined);
	if (connection === undefined) return undefined;
	if (user === undefined) {
		within.report(
			at,
			"expected `connection: {user: ...}`, as metaltune does not know the login user of an amiId, got none",
		);
		return undefined;
	}
	return {
		connection: accessOf({}, { ...connection, user }),
		aws: awsOf(section),
	};
}

/**
 * How to reach a member, and an instance's declaration.
 *
 * @returns undefined after a problem was reported.
 */
export function reachedOf(
	decoders: ReturnType<typeof inventoryDecoders>,
	{ aws }: Members,
	member: Member,
):
	| Pick<MachineSpec, "connection" | "shard">
	| Pick<InstanceSpec, "connection" | "aws" | "shard">
	| undefined {
	const { merged, connection, within } = member;
	const ofShard = ({ shard }: { readonly shard?: string }) =>
		shard === undefined ? {} : { shard };
	if (aws !== undefined) {
		const instance = decoders.instance.decode(merged, within);
		const made = instance && instanceOf(aws, member);
		return made && { ...made, ...ofShard(instance) };
	}
	const machine = decoders.machine.decode(merged, within);
	if (machine === undefined || connection === undefined) return undefined;
	return {
		connection: connectionOf(machine, connection),
		...ofShard(machine),
	};
}
