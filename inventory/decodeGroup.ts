/**
 * Decodes a group of machines, after merging what it extends, to one HostSpec
 * per machine.
 */

import type { Applications } from "../model/application";
import type { HostSpec } from "../model/hostSpec";
import {
	type Location,
	type Problem,
	type ProblemSink,
	problemSink,
} from "../model/problem";
import type { Decoder } from "./decode/decoder";
import type { SecretReader } from "./decode/fileContent";
import type { inventoryDecoders } from "./decoders";
import { type Members, membersOf, reachedOf } from "./members";
import { applicationsSection } from "./sections/applications";
import { withArtifacts } from "./sections/artifacts";
import { type Checklist, checklistSection } from "./sections/checklist";
import { connectionSection, hostName } from "./sections/connection";
import { refuseContradictions } from "./sections/contradictions";
import { exceptionsSection } from "./sections/exceptions";
import {
	checkRebootPolicy,
	checkRolloutScope,
	rolloutOf,
	rolloutSection,
} from "./sections/rollout";
import { topologySection } from "./sections/topology";
import { byKey, tuningSettings } from "./sections/tuning";
import type { SettingsSection } from "./tunable";
import {
	type Entry,
	entryOf,
	type MapNode,
	mergeNodes,
	type Node,
} from "./yaml/node";

/** A host, and the place of its machine in the inventory. */
export interface LocatedHost {
	readonly at: Location;
	/** The machine with the sections of its group merged in, and its `aws`. */
	readonly node: MapNode;
	readonly spec: HostSpec;
	/** Not part of the spec, because no deployment depends on it. */
	readonly checklist: Checklist;
}

const sectionNames = [
	"connection",
	"topology",
	"tuning",
	"applications",
	"rollout",
	"exceptions",
	"checklist",
];

/** A machine with its sections merged over the group's sections. */
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
	/** Whether a file that the group extends could not be read. */
	readonly isPartial: boolean;
	readonly decoders: ReturnType<typeof inventoryDecoders>;
	readonly applications: SettingsSection<Applications>;
	/** The directory that paths of an inventory are relative to. */
	readonly base: string;
	/** Every file must be inside this directory. */
	readonly project: string;
	/** Absent where the inventory is read without a stack. */
	readonly secret?: SecretReader | undefined;
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
				project: group.project,
				secret: group.secret,
				at: entryOf(node, name)?.keyAt ?? node.at,
			}),
			problems,
		)
	);
}

/** What only policies need to know of a machine; undefined after a problem. */
function judgedOf(machine: MapNode, root: ProblemSink) {
	const found = { topology: true, exceptions: true };
	const part = <T>(name: keyof typeof found, decoder: Decoder<T>) => {
		const node = entryOf(machine, name)?.value;
		if (node === undefined) return {};
		const value = decoder.decode(node, root.within(name));
		found[name] = value !== undefined;
		return value === undefined ? {} : { [name]: value };
	};
	const sections: Pick<HostSpec, "topology" | "exceptions"> = {
		...part("topology", topologySection),
		...part("exceptions", exceptionsSection),
	};
	return found.topology && found.exceptions ? sections : undefined;
}

type Tuned = Pick<HostSpec, "tuning" | "applications" | "settings">;

/**
 * The settings of a machine's tuning and applications; undefined after a
 * problem. Machines without their own sections share the group's, which is
 * decoded once.
 */
function tunedDecoder(
	group: Group,
	root: ProblemSink,
): (merged: MapNode) => Tuned | undefined {
	const done = new Map<Node, Map<Node, Tuned | undefined>>();
	const decode = (tuningNode: MapNode, applicationsNode: MapNode) => {
		const { decoders } = group;
		const tuning = decoders.tuning.decode(tuningNode, root.within("tuning"));
		const applications = applicationsOf(
			group,
			applicationsNode,
			root.within("applications"),
		);
		if (tuning === undefined || applications === undefined) return undefined;
		const settings = tuningSettings(
			decoders.tunables,
			{ tuning, node: tuningNode },
			root,
		);
		const deployed = byKey(group.applications.settings(applications));
		const all = [...settings, ...deployed];
		refuseContradictions(all, tuningNode, root);
		return { tuning, applications, settings: all };
	};
	return (merged) => {
		const tuning = sectionOf(merged, "tuning");
		const applications = sectionOf(merged, "applications");
		const known = done.get(tuning) ?? new Map<Node, Tuned | undefined>();
		const tuned = known.has(applications)
			? known.get(applications)
			: decode(tuning, applications);
		done.set(tuning, known.set(applications, tuned));
		return tuned;
	};
}

function decodeMachine(
	group: Group & {
		readonly members: Members;
		readonly tunedOf: ReturnType<typeof tunedDecoder>;
	},
	{ key, keyAt, value }: Entry,
	root: ProblemSink,
): LocatedHost | undefined {
	const { decoders, members, tunedOf } = group;
	const within = root.within(members.section).within(key);
	const scalar = { kind: "scalar", scalar: "text" } as const;
	const name = hostName.decode({ ...scalar, at: keyAt, text: key }, within);
	const merged = mergedMachine(group.node, value);
	if (merged.kind !== "map") return undefined;
	const decoded = <T>(section: string, decoder: Decoder<T>) =>
		decoder.decode(sectionOf(merged, section), root.within(section));
	const connection = decoded("connection", connectionSection);
	const reached = reachedOf(decoders, members, { merged, connection, within });
	const tuned = tunedOf(merged);
	const rollout = decoded("rollout", rolloutSection);
	const judged = judgedOf(merged, root);
	const checklist = decoded("checklist", checklistSection);
	if (
		name === undefined ||
		reached === undefined ||
		tuned === undefined ||
		rollout === undefined ||
		judged === undefined ||
		checklist === undefined
	) {
		return undefined;
	}
	const spec: HostSpec = {
		name,
		group: group.name,
		...reached,
		...judged,
		...tuned,
		rollout: rolloutOf(rollout, members.entries.length),
	};
	checkRebootPolicy(spec, sectionOf(merged, "rollout"), root);
	const aws = group.node.entries.filter((entry) => entry.key === "aws");
	const node = { ...merged, entries: [...merged.entries, ...aws] };
	return { at: keyAt, node, spec, checklist };
}

/**
 * Decodes every machine of a group.
 *
 * @param group its file name without `.yaml`, and the file's tree with what it
 *   extends merged in and `extends` removed.
 * @returns the machines without problems of their own; none of a partial tree.
 */
export function decodeGroup(
	group: Group,
	problems: Problem[],
): readonly LocatedHost[] {
	const root = problemSink(problems, "", group.isPartial);
	group.decoders.file.decode(group.node, root);
	const members = membersOf(group, root);
	if (members === undefined) return [];
	checkRolloutScope(group.node, members.entries, root);
	const decoding = { ...group, members, tunedOf: tunedDecoder(group, root) };
	return members.entries
		.map((entry) => decodeMachine(decoding, entry, root))
		.filter((host) => host !== undefined);
}
