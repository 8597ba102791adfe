/**
 * Decodes `rollout`: how many machines of a group change at a time, in which
 * order, and whether they may reboot. Also decodes `shard`, which that order
 * depends on.
 */

import {
	type HostSpec,
	onDestroyPolicies,
	rebootPolicies,
} from "../../model/hostSpec";
import { suggestion } from "../../model/nearest";
import { type ProblemSink, quoted } from "../../model/problem";
import { type Infer, map, object } from "../decode/decoder";
import { integer, oneOf, scalarText, text } from "../decode/scalars";
import { entryOf, type MapNode, type Node } from "../yaml/node";

/** A number of hosts, absolute or as a share of the group. */
type Share = { readonly hosts: number } | { readonly percent: number };

const shareForm = "a number of hosts from 1, or a percentage such as 25%";

const share = map(
	scalarText(
		"How many hosts of the group may be under change at once: a number, or a share such as 25% (rounded down, at least one); all of them when absent.",
	),
	(written, fail): Share | undefined => {
		const [, count, percent] =
			/^(?:([1-9]\d{0,5})|([1-9]\d?|100)%)$/.exec(written) ?? [];
		if (count !== undefined) return { hosts: Number(count) };
		if (percent !== undefined) return { percent: Number(percent) };
		return fail(`expected ${shareForm}, got ${quoted(written)}`);
	},
);

/** `shard` of a machine. */
export const shard = text({
	description:
		"What the machine is a replica of; two members of a shard are never down together.",
	pattern: /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/,
	expected: "a name of letters, digits and _.-",
});

/** The section as written. */
export const rolloutSection = object(
	{
		optional: {
			canary: text({
				description:
					"The machine that is changed, rebooted and verified before any other of the group.",
			}),
			maxUnavailable: share,
			reboot: oneOf(
				rebootPolicies,
				"auto (the default) reboots when a setting waits for it, manual leaves that to a person, never refuses such settings.",
			),
			rebootTimeoutSeconds: integer({
				description:
					"How long a reboot may take before it counts as failed; 900 when absent.",
				min: 1,
				max: 86_400,
				unit: "seconds",
			}),
			rollbackSeconds: integer({
				description:
					"How long a host waits for a login after a change that may cut the login, before it reverts to the settings from before; 120 when absent. Longer than the hosts of a deployment may have to wait for each other.",
				min: 1,
				max: 86_400,
				unit: "seconds",
			}),
			onDestroy: oneOf(
				onDestroyPolicies,
				"revert (the default) puts every value back, keep leaves the host as it is.",
			),
		},
	},
	"How changes reach the machines.",
);

const defaults = {
	reboot: "auto",
	rebootTimeoutSeconds: 900,
	rollbackSeconds: 120,
	onDestroy: "revert",
} as const;

function hostsOf(share: Share, groupSize: number): number {
	return "hosts" in share
		? share.hosts
		: Math.max(1, Math.floor((share.percent * groupSize) / 100));
}

/**
 * A decoded section with its defaults, and with shares as numbers of hosts.
 *
 * @param groupSize how many machines the group has.
 */
export function rolloutOf(
	{ maxUnavailable, ...section }: Infer<typeof rolloutSection>,
	groupSize: number,
): HostSpec["rollout"] {
	return {
		...defaults,
		...section,
		...(maxUnavailable === undefined
			? {}
			: { maxUnavailable: hostsOf(maxUnavailable, groupSize) }),
	};
}

/** Reports settings that wait for a reboot where `reboot: never` forbids it. */
export function checkRebootPolicy(
	spec: HostSpec,
	node: MapNode,
	problems: ProblemSink,
): void {
	const waits = spec.settings.find(({ effect }) => effect === "reboot");
	if (spec.rollout.reboot !== "never" || waits === undefined) return;
	problems
		.within("rollout.reboot")
		.report(
			entryOf(node, "reboot")?.value.at ?? node.at,
			`never refuses settings that need a reboot, got ${waits.tunable}.${waits.key}; write manual or auto, or remove the setting`,
		);
}

function rolloutEntry(node: Node, key: string) {
	const rollout = node.kind === "map" ? entryOf(node, "rollout")?.value : node;
	return rollout?.kind === "map" ? entryOf(rollout, key) : undefined;
}

/**
 * Reports mistakes that concern the whole group: a canary that is none of its
 * machines, and machines with their own order.
 */
export function checkRolloutScope(
	group: MapNode,
	machines: readonly { readonly key: string; readonly value: Node }[],
	problems: ProblemSink,
): void {
	const names = machines.map(({ key }) => key);
	const canary = rolloutEntry(group, "canary")?.value;
	if (
		canary?.kind === "scalar" &&
		canary.scalar === "text" &&
		!names.includes(canary.text)
	) {
		problems
			.within("rollout.canary")
			.report(
				canary.at,
				`expected one of the machines of this group, got ${quoted(canary.text)}${suggestion(canary.text, names)}`,
			);
	}
	for (const { key: name, value } of machines) {
		for (const key of ["canary", "maxUnavailable"]) {
			const entry = rolloutEntry(value, key);
			if (entry === undefined) continue;
			problems
				.within(`machines.${name}.rollout.${key}`)
				.report(
					entry.keyAt,
					"expected it in the rollout of the group, as it orders all its machines, got it in one machine; move it there",
				);
		}
	}
}
