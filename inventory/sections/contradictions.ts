/**
 * Settings of different keys that no host can satisfy together, or of which one
 * undoes the other. A host would write both, and the later one would win. Each
 * is a problem of the inventory, at the key to change.
 */

import {
	formatLocation,
	type Location,
	type ProblemSink,
} from "../../model/problem";
import type { Setting } from "../../model/settings";
import { entryOf, type MapNode } from "../yaml/node";
import type { Asked, Contradiction, KeyPath } from "./contradiction";
import { parameterContradictions } from "./contradictoryParameters";
import { serviceContradictions } from "./contradictoryServices";
import { mountPoints } from "./mountPoints";

/** Absolute paths that applications write, with their keys. */
function filesOfApplications(asked: Asked) {
	return asked.of("applications").flatMap(({ key }) => {
		const [, name, path] = /^([^.]+)\.files\.(\/[^:]*)$/.exec(key) ?? [];
		return name === undefined || path === undefined
			? []
			: [{ path, by: ["applications", name] as const }];
	});
}

function pathContradictions(asked: Asked): readonly Contradiction[] {
	const mounted = mountPoints(asked);
	const reasons = [
		...mounted.map((each) => ({
			...each,
			why: "a mount needs a directory there, not a file; change one of the two paths",
		})),
		...filesOfApplications(asked).map((each) => ({
			...each,
			why: "both write this file; keep it in one of the two",
		})),
	];
	const files = asked.of("files").flatMap(({ key }) =>
		reasons
			.filter(({ path }) => path === key)
			.map(({ by, why }) => ({
				at: ["files", key] as const,
				other: by,
				why,
			})),
	);
	const twice = mounted
		.filter(({ by }) => by[0] === "mounts")
		.flatMap(({ path, by: at }) =>
			mounted
				.filter((other) => other.path === path && other.by[0] !== at[0])
				.map(({ by: other }) => ({
					at,
					other,
					why: "only one file system can be mounted there; change one of the two paths",
				})),
		);
	return [...files, ...twice];
}

/** The place of a key, or of its nearest parent that is written. */
function placeOf(node: MapNode, path: KeyPath): Location {
	const [key = "", ...rest] = path;
	const entry = entryOf(node, key);
	if (entry === undefined) return node.at;
	const [next, ...deeper] = rest;
	return entry.value.kind === "map" &&
		next !== undefined &&
		entryOf(entry.value, next) !== undefined
		? placeOf(entry.value, [next, ...deeper])
		: entry.keyAt;
}

/**
 * Reports settings that contradict each other.
 *
 * @param node the tuning that declares them, for places.
 */
export function refuseContradictions(
	settings: readonly Setting[],
	node: MapNode,
	problems: ProblemSink,
): void {
	const asked: Asked = {
		settings,
		find: (tunable, key) =>
			settings.find((each) => each.tunable === tunable && each.key === key),
		of: (tunable) => settings.filter((each) => each.tunable === tunable),
	};
	const found = [
		...serviceContradictions(asked),
		...pathContradictions(asked),
		...parameterContradictions(asked),
	];
	for (const { at, other, why } of found) {
		const place = entryOf(node, other[0])
			? ` (${formatLocation(placeOf(node, other))})`
			: "";
		at.reduce(
			(sink, key) => sink.within(key),
			problems.within("tuning"),
		).report(
			placeOf(node, at),
			`contradicts ${other.join(".")}${place}: ${why}`,
		);
	}
}
