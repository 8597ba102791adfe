/**
 * Reads a YAML file into a tree that keeps the place of every value. Scalars
 * stay as typed: how YAML reads `off`, `0x10` or `1_000` depends on its
 * version, and decoders must not guess.
 */
import {
	isAlias,
	isMap,
	isScalar,
	isSeq,
	type Pair,
	type Scalar,
	type YAMLMap,
} from "yaml";
import { type Location, type ProblemSink, quoted } from "../../model/problem";
import type { Entry, MapNode, Node, ScalarKind } from "./node";
import {
	type LocatedDocument,
	limits,
	readDocument,
	Unreadable,
} from "./yamlDocument";

interface Reading extends LocatedDocument {
	/** Nodes that are being read, to detect an alias inside its own anchor. */
	readonly open: Set<unknown>;
	/** The anchors above. Looking one up in the document would read all of it. */
	readonly anchors: Map<string, unknown>;
	/** How many aliases lead to what is being read. */
	aliases: number;
	values: number;
}

function scalarKind(scalar: Scalar, text: string): ScalarKind {
	if (scalar.type !== undefined && scalar.type !== "PLAIN") return "text";
	if (text === "") return "nothing";
	if (/^(?:~|null|Null|NULL)$/.test(text)) return "null";
	if (/^(?:true|True|TRUE|false|False|FALSE)$/.test(text)) return "boolean";
	const number =
		/^(?:[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|0o[0-7]+|0x[\da-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
	return number.test(text) ? "number" : "text";
}

function keyOf(pair: Pair, reading: Reading, map: Location) {
	const { key } = pair;
	if (isScalar(key)) {
		const at = reading.locate(key.range?.[0]);
		const text = key.source ?? String(key.value);
		noteAnchor(key, reading);
		const kind = scalarKind(key, text);
		if (kind !== "nothing" && kind !== "null") return { key: text, keyAt: at };
		throw new Unreadable(at, "expected a name before the colon, got none");
	}
	const at = isAlias(key) || isMap(key) || isSeq(key);
	throw new Unreadable(
		at ? reading.locate(key.range?.[0]) : map,
		"expected a plain name before the colon, got something else",
	);
}

function mapNode(map: YAMLMap, reading: Reading, depth: number): MapNode {
	const at = reading.locate(map.range?.[0]);
	const entries = new Map<string, Entry>();
	for (const pair of map.items) {
		const { key, keyAt } = keyOf(pair, reading, at);
		const earlier = entries.get(key)?.keyAt;
		if (earlier !== undefined) {
			throw new Unreadable(
				keyAt,
				`expected each key once, got ${quoted(key)} here and on line ${earlier.line}`,
			);
		}
		const value: Node =
			pair.value === null
				? { kind: "scalar", at: keyAt, scalar: "nothing", text: "" }
				: nodeOf(pair.value, reading, depth + 1);
		entries.set(key, { key, keyAt, value });
	}
	return { kind: "map", at, entries: [...entries.values()] };
}

function resolved(value: unknown, reading: Reading): unknown {
	if (!isAlias(value)) return value;
	const at = reading.locate(value.range?.[0]);
	const target = reading.anchors.get(value.source);
	if (target === undefined || reading.open.has(target)) {
		throw new Unreadable(
			at,
			`expected the name of an anchor above, got ${quoted(value.source)}`,
		);
	}
	return target;
}

/** A node that is read again through an alias is not a new anchor. */
function noteAnchor(node: unknown, { anchors, aliases }: Reading): void {
	if (aliases > 0 || !(isMap(node) || isSeq(node) || isScalar(node))) return;
	if (node.anchor !== undefined) anchors.set(node.anchor, node);
}

function nodeOf(value: unknown, reading: Reading, depth: number): Node {
	const node = resolved(value, reading);
	const isAliased = node !== value;
	if (!isAliased) noteAnchor(node, reading);
	reading.aliases += isAliased ? 1 : 0;
	const found = readNode(node, reading, depth);
	reading.aliases -= isAliased ? 1 : 0;
	return found;
}

function readNode(node: unknown, reading: Reading, depth: number): Node {
	const range = isMap(node) || isSeq(node) || isScalar(node) ? node.range : [];
	const at = reading.locate(range?.[0]);
	reading.values++;
	if (reading.values > limits.values || depth > limits.depth) {
		throw new Unreadable(
			at,
			`expected at most ${limits.values} values, at most ${limits.depth} deep`,
		);
	}
	if (isScalar(node)) {
		const text = node.source ?? String(node.value);
		return { kind: "scalar", at, scalar: scalarKind(node, text), text };
	}
	reading.open.add(node);
	const container: Node | undefined = isMap(node)
		? mapNode(node, reading, depth)
		: isSeq(node)
			? {
					kind: "sequence",
					at,
					items: node.items.map((item) => nodeOf(item, reading, depth + 1)),
				}
			: undefined;
	reading.open.delete(node);
	if (container !== undefined) return container;
	throw new Unreadable(at, "expected a map, a list or a single value");
}

/**
 * Parses one YAML file.
 *
 * @param file the name that problems show.
 * @returns the tree, or undefined after exactly one problem was reported.
 */
export function parseYaml(
	file: string,
	bytes: Uint8Array,
	problems: ProblemSink,
): Node | undefined {
	try {
		const read = readDocument(file, bytes);
		const reading = {
			...read,
			open: new Set(),
			anchors: new Map<string, unknown>(),
			aliases: 0,
			values: 0,
		};
		const root = nodeOf(read.document.contents, reading, 0);
		if (root.kind !== "scalar" || root.scalar !== "nothing") return root;
		throw new Unreadable(
			{ file, line: 1, col: 1 },
			"expected a map, but the file is empty",
		);
	} catch (error) {
		if (!(error instanceof Unreadable)) throw error;
		problems.report(error.at, error.message);
		return undefined;
	}
}
