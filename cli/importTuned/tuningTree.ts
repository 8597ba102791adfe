/** The keys of a profile as an inventory's tree, with the profile's lines. */

import {
	entryOf,
	type MapNode,
	mergeNodes,
	type Node,
} from "../../inventory/yaml/node";
import { isFields } from "../../model/plainData";
import type { Location } from "../../model/problem";
import type { Mapped } from "./inventoryKeys";

/** A key that an option became. */
export interface Placed extends Mapped {
	/** Of the option, from 1. */
	readonly line: number;
}

function valueNode(value: unknown, at: Location): Node {
	if (Array.isArray(value)) {
		return {
			kind: "sequence",
			at,
			items: value.map((each) => valueNode(each, at)),
		};
	}
	if (isFields(value)) {
		return Object.entries(value).reduce<Node>(
			(node, [key, each]) =>
				mergeNodes(node, nodeAt([key], valueNode(each, at))),
			{ kind: "map", at, entries: [] },
		);
	}
	const scalar = typeof value;
	const isPlain = scalar === "number" || scalar === "boolean";
	return {
		kind: "scalar",
		at,
		scalar: isPlain ? scalar : "text",
		text: String(value),
	};
}

function nodeAt(path: readonly string[], value: Node): Node {
	return path.reduceRight<Node>((below, key) => {
		const { at } = below;
		return { kind: "map", at, entries: [{ key, keyAt: at, value: below }] };
	}, value);
}

const itemsOf = (node: Node): readonly Node[] =>
	node.kind === "sequence" ? node.items : [node];

/** A kernel parameter that is given again, such as hugepagesz, is a list. */
function repeated(tree: MapNode, path: readonly string[], value: Node): Node {
	const [tunable = "", key = ""] = path;
	const section = entryOf(tree, tunable)?.value;
	const earlier =
		section?.kind === "map" ? entryOf(section, key)?.value : undefined;
	if (tunable !== "kernelCommandLine" || earlier === undefined) return value;
	const items = [...itemsOf(earlier), ...itemsOf(value)];
	return { kind: "sequence", at: value.at, items };
}

/**
 * The `tuning` of an inventory; of equal keys, the last one counts. The line of
 * each place is the key's number in `placed`, from 1, as an option becomes many
 * keys.
 */
export function tuningTree(placed: readonly Placed[]): MapNode {
	const top: Location = { file: "", line: 0, col: 1 };
	return placed.reduce<MapNode>(
		(tree, { path, value }, index) => {
			const node = valueNode(value, { ...top, line: index + 1 });
			const merged = mergeNodes(tree, nodeAt(path, repeated(tree, path, node)));
			return merged.kind === "map" ? merged : tree;
		},
		{ kind: "map", at: top, entries: [] },
	);
}

/** The same as plain data. */
export function plainOf(node: Node): unknown {
	switch (node.kind) {
		case "map":
			return Object.fromEntries(
				node.entries.map(({ key, value }) => [key, plainOf(value)]),
			);
		case "sequence":
			return node.items.map(plainOf);
		case "scalar":
			return node.scalar === "text" ? node.text : JSON.parse(node.text);
	}
}
