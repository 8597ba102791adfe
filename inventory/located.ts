/**
 * Reads a YAML file into a tree whose values know where they were written.
 * Scalars stay what the author typed: YAML's own reading of `off`, `0x10` or
 * `1_000` depends on its version, and decoders should not have to guess.
 */
import {
	type Document,
	isAlias,
	isMap,
	isScalar,
	isSeq,
	LineCounter,
	type Pair,
	parseAllDocuments,
	type Scalar,
	type YAMLMap,
} from "yaml";
import type { Entry, MapNode, Node, ScalarKind } from "./node";
import { type Location, type ProblemSink, quoted } from "./problem";

/** Far above any real inventory; what aliases multiply is counted too. */
const limits = { bytes: 1_000_000, values: 50_000, depth: 50 };

/** Stops the reading of a file at its first problem. */
class Unreadable extends Error {
	constructor(
		readonly at: Location,
		message: string,
	) {
		super(message);
	}
}

interface Reading {
	readonly file: string;
	readonly document: Document;
	readonly locate: (offset: number | undefined) => Location;
	/** Nodes that are being read, to notice an alias inside its own anchor. */
	readonly open: Set<unknown>;
	values: number;
}

function firstBadByte(bytes: Uint8Array): { line: number; col: number } {
	const strict = new TextDecoder("utf-8", { fatal: true });
	const lines = Buffer.from(bytes).toString("latin1").split("\n");
	const bad = lines.findIndex((line) => {
		try {
			strict.decode(Buffer.from(line, "latin1"));
			return false;
		} catch {
			return true;
		}
	});
	// U+FFFD stands for the first byte that is not UTF-8, unless it is written.
	const text = Buffer.from(lines[bad] ?? "", "latin1").toString("utf8");
	return { line: bad + 1, col: text.indexOf("\ufffd") + 1 };
}

function textOf(file: string, bytes: Uint8Array): string {
	if (bytes.length > limits.bytes) {
		throw new Unreadable(
			{ file, line: 1, col: 1 },
			`expected at most ${limits.bytes} bytes, got ${bytes.length}`,
		);
	}
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		throw new Unreadable(
			{ file, ...firstBadByte(bytes) },
			"expected UTF-8, got bytes that are not; save the file as UTF-8",
		);
	}
}

function documentsOf(
	file: string,
	text: string,
	lineCounter: LineCounter,
): readonly Document[] {
	try {
		// Duplicate keys are reported below, where both places are known.
		const documents = parseAllDocuments(text, {
			lineCounter,
			prettyErrors: false,
			schema: "failsafe",
			uniqueKeys: false,
			merge: false,
		});
		return "empty" in documents ? [] : documents;
	} catch (error) {
		if (!(error instanceof RangeError)) throw error;
		throw new Unreadable(
			{ file, line: 1, col: 1 },
			"expected values nested less deeply",
		);
	}
}

function refuseSyntaxErrors(reading: Reading): void {
	const { document, locate } = reading;
	const [first] = [...document.errors, ...document.warnings];
	if (first === undefined) return;
	const tab = first.code === "TAB_AS_INDENT";
	throw new Unreadable(
		locate(first.pos[0]),
		tab
			? "expected spaces as indentation, got a tab"
			: `expected YAML: ${first.message.split("\n")[0]}`,
	);
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
	const target = value.resolve(reading.document);
	if (target === undefined || reading.open.has(target)) {
		throw new Unreadable(
			at,
			`expected the name of an anchor above, got ${quoted(value.source)}`,
		);
	}
	return target;
}

function nodeOf(value: unknown, reading: Reading, depth: number): Node {
	const node = resolved(value, reading);
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

function parse(file: string, bytes: Uint8Array): Node {
	const lineCounter = new LineCounter();
	const locate = (offset = 0): Location => {
		const { line, col } = lineCounter.linePos(offset);
		return { file, line: Math.max(line, 1), col: Math.max(col, 1) };
	};
	const text = textOf(file, bytes);
	const [document, second] = documentsOf(file, text, lineCounter);
	const nothing = new Unreadable(
		{ file, line: 1, col: 1 },
		"expected a map, but the file is empty",
	);
	if (document === undefined) throw nothing;
	const reading = { file, document, locate, open: new Set(), values: 0 };
	refuseSyntaxErrors(reading);
	if (second !== undefined) {
		throw new Unreadable(
			locate(second.range?.[0]),
			"expected one YAML document, got a second one; split the file",
		);
	}
	if (document.contents === null) throw nothing;
	const root = nodeOf(document.contents, reading, 0);
	if (root.kind === "scalar" && root.scalar === "nothing") throw nothing;
	return root;
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
		return parse(file, bytes);
	} catch (error) {
		if (!(error instanceof Unreadable)) throw error;
		problems.report(error.at, error.message);
		return undefined;
	}
}
