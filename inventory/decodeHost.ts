/**
 * Decodes a group of machines, after what it extends was merged in, to one
 * HostSpec per machine.
 */
import type { Tunable } from "../tunables/tunable";
import { applicationsSection } from "./applications";
import { withArtifacts } from "./artifacts";
import { type Decoder, list, object, record, union } from "./decode";
import {
	address,
	connectionOf,
	connectionSection,
	hostName,
	port,
} from "./decodeConnection";
import {
	refuseDisorder,
	refuseUnbootable,
	rolloutOf,
	rolloutSection,
} from "./decodeRollout";
import { deferred, mergeable } from "./deferred";
import { hostKey } from "./hostKey";
import type { HostSpec } from "./hostSpec";
import {
	type Entry,
	entryOf,
	type MapNode,
	mergeNodes,
	type Node,
} from "./node";
import {
	type Location,
	type Problem,
	type ProblemSink,
	problemSink,
} from "./problem";
import { text } from "./scalars";
import { type Tuning, tuningSettings } from "./tuningSettings";

/** A host, and where its machine is written. */
export interface LocatedHost {
	readonly at: Location;
	readonly spec: HostSpec;
}

const extended = text({
	description: "Another inventory file, relative to this one, without .yaml.",
	pattern: /^(?!.*\.ya?ml$).+$/,
	expected: "a file relative to this one, without .yaml",
});

/** `extends`: one file or several, of which a later one overrides. */
export const extendsKey = union(
	[extended, list(extended, "Files, of which a later one overrides.")],
	"What this file overrides.",
);

function tuningSection(tunables: readonly Tunable<unknown>[]): Decoder<Tuning> {
	const inside = tunables.filter(({ beside }) => beside !== true);
	return object(
		{ optional: Object.fromEntries(inside.map((t) => [t.name, t.decoder])) },
		"What is tuned; a machine may override each key, and null removes one.",
	);
}

/**
 * The decoders of a whole inventory file (its sections and machines are only
 * looked at after merging), of one machine and of its tuning.
 */
export function inventoryDecoders(tunables: readonly Tunable<unknown>[]) {
	const tuning = tuningSection(tunables);
	const sections = {
		connection: mergeable(connectionSection),
		tuning: mergeable(tuning),
		applications: mergeable(applicationsSection),
		rollout: mergeable(rolloutSection),
	};
	const machine = object(
		{ required: { address, hostKey }, optional: { port, ...sections } },
		"One machine; its sections are merged over those of the group.",
	);
	const machines = record(
		hostName,
		machine,
		"The machines of this group, by name.",
	);
	const file = object(
		{
			optional: {
				extends: extendsKey,
				...sections,
				machines: deferred(machines),
			},
		},
		"A group of machines that are tuned alike, or a profile that groups extend.",
	);
	return { tunables, tuning, machine, file };
}

const sectionNames = ["connection", "tuning", "applications", "rollout"];

/** A machine with its sections merged over those of its group. */
function mergedMachine(group: MapNode, machine: Node): Node {
	const entries = group.entries.filter(({ key }) => sectionNames.includes(key));
	return mergeNodes({ ...group, entries }, machine);
}

function sectionOf(machine: MapNode, name: string): MapNode {
	const value = entryOf(machine, name)?.value;
	return value?.kind === "map"
		? value
		: { kind: "map", at: machine.at, entries: [] };
}

interface Group {
	readonly name: string;
	readonly node: MapNode;
	readonly decoders: ReturnType<typeof inventoryDecoders>;
	/** The directory that paths of an inventory are relative to. */
	readonly base: string;
}

/** The applications of a machine, with the files they name. */
function applicationsOf(group: Group, node: MapNode, problems: ProblemSink) {
	const written = applicationsSection.decode(node, problems);
	return (
		written &&
		withArtifacts(
			written,
			(name) => ({
				base: group.base,
				at: entryOf(node, name)?.keyAt ?? node.at,
			}),
			problems,
		)
	);
}

function decodeMachine(
	group: Group & { readonly size: number },
	{ key, keyAt, value }: Entry,
	problems: Problem[],
): LocatedHost | undefined {
	const { decoders } = group;
	const root = problemSink(problems);
	const within = root.within("machines").within(key);
	const name = hostName.decode(
		{ kind: "scalar", at: keyAt, scalar: "text", text: key },
		within,
	);
	const merged = mergedMachine(group.node, value);
	const machine = decoders.machine.decode(merged, within);
	if (merged.kind !== "map") return undefined;
	const tuningNode = sectionOf(merged, "tuning");
	const rolloutNode = sectionOf(merged, "rollout");
	const connection = connectionSection.decode(
		sectionOf(merged, "connection"),
		root.within("connection"),
	);
	const tuning = decoders.tuning.decode(tuningNode, root.within("tuning"));
	const applications = applicationsOf(
		group,
		sectionOf(merged, "applications"),
		root.within("applications"),
	);
	const rollout = rolloutSection.decode(rolloutNode, root.within("rollout"));
	if (
		name === undefined ||
		machine === undefined ||
		connection === undefined ||
		tuning === undefined ||
		applications === undefined ||
		rollout === undefined
	) {
		return undefined;
	}
	const spec: HostSpec = {
		name,
		group: group.name,
		connection: connectionOf(machine, connection),
		tuning,
		applications,
		rollout: rolloutOf(rollout, group.size),
		settings: tuningSettings(
			decoders.tunables,
			{ tuning: { ...tuning, applications }, node: tuningNode },
			root,
		),
	};
	refuseUnbootable(spec, rolloutNode, root);
	return { at: keyAt, spec };
}

/**
 * Decodes every machine of a group.
 *
 * @param group its file name without `.yaml`, and the file's tree with what it
 *   extends merged in and `extends` taken out.
 * @returns the machines without problems of their own.
 */
export function decodeGroup(
	group: Group,
	problems: Problem[],
): readonly LocatedHost[] {
	const root = problemSink(problems);
	group.decoders.file.decode(group.node, root);
	const machines = entryOf(group.node, "machines")?.value;
	if (
		machines === undefined ||
		(machines.kind === "map" && machines.entries.length === 0)
	) {
		root
			.within("machines")
			.report(
				(machines ?? group.node).at,
				"expected at least one machine, got none; a file that is only extended belongs in profiles/",
			);
	}
	if (machines?.kind !== "map") return [];
	refuseDisorder(group.node, machines.entries, root);
	const size = machines.entries.length;
	return machines.entries
		.map((machine) => decodeMachine({ ...group, size }, machine, problems))
		.filter((host) => host !== undefined);
}
