/**
 * A tree of values that keep their place in the file, so that a problem can
 * name file, line and column.
 */
import { type Location, quoted } from "../../model/problem";

/** How a scalar was written decides its kind; quoted scalars are text. */
export type ScalarKind =
	| "text"
	| "number"
	| "boolean"
	/** `~` or `null`: removes an inherited key. */
	| "null"
	/** Nothing after the colon. */
	| "nothing";

export interface ScalarNode {
	readonly kind: "scalar";
	readonly at: Location;
	readonly scalar: ScalarKind;
	/** What the author typed, without the quotes. */
	readonly text: string;
}

export interface SequenceNode {
	readonly kind: "sequence";
	readonly at: Location;
	readonly items: readonly Node[];
}

export interface Entry {
	readonly key: string;
	readonly keyAt: Location;
	readonly value: Node;
}

/** Keys are unique. */
export interface MapNode {
	readonly kind: "map";
	readonly at: Location;
	readonly entries: readonly Entry[];
}

export type Node = ScalarNode | SequenceNode | MapNode;

/** What was found, for the end of an error message. */
export function foundText(node: Node): string {
	if (node.kind === "map") return "a map";
	if (node.kind === "sequence") return "a list";
	switch (node.scalar) {
		case "nothing":
			return "nothing";
		case "null":
			return "null, which removes what is inherited, but nothing is inherited here";
		case "text":
			return quoted(node.text);
		case "number":
		case "boolean":
			return node.text;
	}
}

/** The value of a key, undefined when the map has no such key. */
export function entryOf(map: MapNode, key: string): Entry | undefined {
	return map.entries.find((entry) => entry.key === key);
}

/**
 * Lays one tree over another. Maps are merged key by key, anything else
 * replaces, and `null` removes a key of `base`. Every value keeps its place, so
 * that a problem names the file that the value came from.
 */
export function mergeNodes(base: Node, over: Node): Node {
	if (base.kind !== "map" || over.kind !== "map") return over;
	const merged = new Map(base.entries.map((entry) => [entry.key, entry]));
	for (const entry of over.entries) {
		const { value } = entry;
		const inherited = merged.get(entry.key)?.value;
		if (inherited === undefined) merged.set(entry.key, entry);
		else if (value.kind === "scalar" && value.scalar === "null") {
			merged.delete(entry.key);
		} else {
			merged.set(entry.key, { ...entry, value: mergeNodes(inherited, value) });
		}
	}
	return { kind: "map", at: over.at, entries: [...merged.values()] };
}

/**
 * The place of the value at a path, or of its nearest existing parent.
 *
 * @param path keys joined by dots, items as `[0]`; keys may hold dots, as in
 *   `tuning.sysctl.net.core.rmem_max`.
 */
export function locationOf(node: Node, path: string, at = node.at): Location {
	if (path === "") return at;
	if (node.kind === "sequence") {
		const [whole = "", index = "0"] = /^\[(\d+)\]\.?/.exec(path) ?? [];
		const item = whole === "" ? undefined : node.items[Number(index)];
		if (item === undefined) return at;
		return locationOf(item, path.slice(whole.length), item.at);
	}
	if (node.kind !== "map") return at;
	const entry = node.entries
		.filter(
			({ key }) =>
				path.startsWith(key) && /^(?:$|[.[])/.test(path.slice(key.length)),
		)
		.toSorted((a, b) => b.key.length - a.key.length)[0];
	if (entry === undefined) return at;
	const rest = path.slice(entry.key.length).replace(/^\./, "");
	return locationOf(entry.value, rest, entry.keyAt);
}
