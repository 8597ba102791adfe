/** Which keys an inventory refuses; they are decoded as `validate` decodes them. */
import { sections } from "../../applications/sections";
import { inventoryDecoders } from "../../inventory/decoders";
import { refuseContradictions } from "../../inventory/sections/contradictions";
import { tuningSettings } from "../../inventory/sections/tuning";
import type { MapNode } from "../../inventory/yaml/node";
import { type Problem, problemSink } from "../../model/problem";
import { type Placed, tuningTree } from "./tuningTree";

function problemsOf(node: MapNode): readonly Problem[] {
	const problems: Problem[] = [];
	const root = problemSink(problems);
	const { tunables, tuning: decoder } = inventoryDecoders(sections.tunables);
	const tuning = decoder.decode(node, root);
	if (tuning !== undefined) {
		const settings = tuningSettings(tunables, { tuning, node }, root);
		refuseContradictions(settings, node, root);
	}
	return problems;
}

/** The keys that an inventory takes, and why it refuses the others. */
export interface Checked {
	readonly taken: readonly Placed[];
	readonly refused: readonly { readonly line: number; readonly why: string }[];
}

/**
 * Removes refused keys until an inventory takes the rest: a contradiction
 * shows only where each of two keys is right.
 */
export function withoutRefused(placed: readonly Placed[]): Checked {
	const problems = problemsOf(tuningTree(placed));
	if (problems.length === 0) return { taken: placed, refused: [] };
	const isRefused = new Set(problems.map(({ line }) => line - 1));
	const rest = placed.filter((_, index) => !isRefused.has(index));
	if (rest.length === placed.length) {
		throw new Error(problems.map(({ message }) => message).join("; "));
	}
	const found = problems.flatMap(({ line, path, message }) =>
		placed
			.slice(line - 1, line)
			.map((key) => ({ line: key.line, why: `${path}: ${message}` })),
	);
	const { taken, refused } = withoutRefused(rest);
	return { taken, refused: [...found, ...refused] };
}
