/** The decoders of inventory files, composed of the decoders of sections. */

import { type Decoder, list, object, record, union } from "./decode/decoder";
import { deferred, mergeable } from "./decode/deferred";
import { hostKey } from "./decode/publicKeys";
import { text } from "./decode/scalars";
import { applicationsSection } from "./sections/applications";
import { awsSection } from "./sections/aws";
import { checklistSection } from "./sections/checklist";
import {
	address,
	connectionSection,
	hostName,
	port,
} from "./sections/connection";
import { exceptionsSection } from "./sections/exceptions";
import { rolloutSection, shard } from "./sections/rollout";
import { topologySection } from "./sections/topology";
import type { Tuning } from "./sections/tuning";
import type { Tunable } from "./tunable";

const extended = text({
	description: "Another inventory file, relative to this one, without .yaml.",
	pattern: /^(?!.*\.ya?ml$).+$/,
	expected: "a file relative to this one, without .yaml",
});

/** `extends`: one file or several; a later one overrides an earlier one. */
export const extendsKey = union(
	[extended, list(extended, "Files, of which a later one overrides.")],
	"What this file overrides.",
);

function tuningSection(tunables: readonly Tunable<unknown>[]): Decoder<Tuning> {
	return object(
		{ optional: Object.fromEntries(tunables.map((t) => [t.name, t.decoder])) },
		"What is tuned; a machine may override each key, and null removes one.",
	);
}

/**
 * The decoders of a whole inventory file, of one machine and of its tuning. A
 * file's sections and machines are decoded only after merging.
 */
export function inventoryDecoders(tunables: readonly Tunable<unknown>[]) {
	const tuning = tuningSection(tunables);
	const sections = {
		connection: mergeable(connectionSection),
		topology: mergeable(topologySection),
		tuning: mergeable(tuning),
		applications: mergeable(applicationsSection),
		rollout: mergeable(rolloutSection),
		exceptions: mergeable(exceptionsSection),
		checklist: mergeable(checklistSection),
	};
	const machine = object(
		{ required: { address, hostKey }, optional: { port, shard, ...sections } },
		"One machine; its sections are merged over those of the group.",
	);
	const instance = object(
		{ optional: { shard, ...sections } },
		"One EC2 instance; all of it comes from its group.",
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
				aws: mergeable(awsSection),
			},
		},
		"A group of machines that are tuned alike, or a profile that groups extend.",
	);
	return { tunables, tuning, machine, instance, file };
}
