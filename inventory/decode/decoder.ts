/**
 * Decoders of inventory values. Each carries the JSON Schema of what it
 * accepts, so that the schema for editors is generated and always agrees with
 * the decoder. Decoders of scalars are in scalars.ts.
 */
import { suggestion } from "../../model/nearest";
import {
	type Problem,
	type ProblemSink,
	problemSink,
} from "../../model/problem";
import { foundText, type MapNode, type Node } from "../yaml/node";

export type JsonValue =
	| string
	| number
	| boolean
	| readonly JsonValue[]
	| JsonSchema;

/** A fragment of JSON Schema, draft 2020-12. */
export interface JsonSchema {
	readonly [keyword: string]: JsonValue;
}

export interface Decoder<T> {
	readonly schema: JsonSchema;
	/** Completes "expected ...": `a whole number of pages`. */
	readonly expected: string;
	/** The value, or undefined after at least one problem was reported. */
	decode(node: Node, problems: ProblemSink): T | undefined;
}

/** What a decoder yields: `Infer<typeof decoder>`. */
export type Infer<D> = D extends Decoder<infer T> ? T : never;

type Fields = { readonly [key: string]: Decoder<unknown> };
type NoFields = { readonly [K in never]: never };
type Flat<T> = { readonly [K in keyof T]: T[K] };
type Decoded<R, O> = Flat<
	{ readonly [K in keyof R]: Infer<R[K]> } & {
		readonly [K in keyof O]?: Infer<O[K]>;
	}
>;

function mismatchMessage(node: Node, expected: string): string {
	return `expected ${expected}, got ${foundText(node)}`;
}

/** Reports that a value is not what its decoder accepts. */
export function mismatch(
	node: Node,
	expected: string,
	problems: ProblemSink,
): undefined {
	problems.report(node.at, mismatchMessage(node, expected));
	return undefined;
}

function reportUnknownKeys(
	map: MapNode,
	known: readonly string[],
	problems: ProblemSink,
): void {
	for (const { key, keyAt } of map.entries) {
		if (known.includes(key)) continue;
		const hint = suggestion(key, known) || `; known: ${known.join(", ")}`;
		problems.within(key).report(keyAt, `this key is not known${hint}`);
	}
}

/**
 * A map with the given keys and no others.
 *
 * @param fields `required` keys are reported when missing, `optional` ones are
 *   absent from the result when they are absent from the map.
 */
export function object<
	R extends Fields = NoFields,
	O extends Fields = NoFields,
>(
	fields: { readonly required?: R; readonly optional?: O },
	description: string,
): Decoder<Decoded<R, O>> {
	const required = Object.keys(fields.required ?? {});
	const decoders: Fields = { ...fields.required, ...fields.optional };
	const keys = Object.keys(decoders);
	const expected = `a map with the keys ${keys.join(", ")}`;
	const properties = Object.entries(decoders).map(([k, d]) => [k, d.schema]);
	return {
		schema: {
			type: "object",
			description,
			properties: Object.fromEntries(properties),
			...(required.length === 0 ? {} : { required }),
			additionalProperties: false,
		},
		expected,
		decode: (node, problems) => {
			if (node.kind !== "map") return mismatch(node, expected, problems);
			reportUnknownKeys(node, keys, problems);
			const missing = required.filter(
				(key) =>
					!problems.isPartial &&
					!node.entries.some((entry) => entry.key === key),
			);
			for (const key of missing) {
				const what = decoders[key]?.expected;
				problems
					.within(key)
					.report(node.at, `this key is required: expected ${what}`);
			}
			const known = node.entries.filter(({ key }) => keys.includes(key));
			const values = known.map(
				({ key, value }) =>
					[key, decoders[key]?.decode(value, problems.within(key))] as const,
			);
			const whole =
				!problems.isPartial &&
				known.length === node.entries.length &&
				missing.length === 0 &&
				values.every(([, value]) => value !== undefined);
			return whole ? (Object.fromEntries(values) as Decoded<R, O>) : undefined;
		},
	};
}

function decodeRecord<T>(
	parts: { readonly key: Decoder<string>; readonly value: Decoder<T> },
	map: MapNode,
	problems: ProblemSink,
): { readonly [key: string]: T } | undefined {
	const decoded = new Map<string, T>();
	for (const entry of map.entries) {
		const at = entry.keyAt;
		const within = problems.within(entry.key);
		const key = parts.key.decode(
			{ kind: "scalar", at, scalar: "text", text: entry.key },
			within,
		);
		const value = parts.value.decode(entry.value, within);
		if (key === undefined || value === undefined) continue;
		if (decoded.has(key)) {
			within.report(at, `expected each key once, got ${key} twice`);
		} else decoded.set(key, value);
	}
	if (decoded.size !== map.entries.length) return undefined;
	return Object.fromEntries(decoded);
}

/** A map from names the author chooses to values of one kind. */
export function record<T>(
	key: Decoder<string>,
	value: Decoder<T>,
	description: string,
): Decoder<{ readonly [key: string]: T }> {
	const expected = `a map from ${key.expected} to ${value.expected}`;
	return {
		schema: {
			type: "object",
			description,
			propertyNames: key.schema,
			additionalProperties: value.schema,
		},
		expected,
		decode: (node, problems) =>
			node.kind === "map"
				? decodeRecord({ key, value }, node, problems)
				: mismatch(node, expected, problems),
	};
}

/** A list of values of one kind, possibly empty. */
export function list<T>(
	item: Decoder<T>,
	description: string,
): Decoder<readonly T[]> {
	const expected = `a list, each item ${item.expected}`;
	return {
		schema: { type: "array", description, items: item.schema },
		expected,
		decode: (node, problems) => {
			if (node.kind !== "sequence") return mismatch(node, expected, problems);
			const items = node.items
				.map((each, i) => item.decode(each, problems.within(`[${i}]`)))
				.filter((each) => each !== undefined);
			return items.length === node.items.length ? items : undefined;
		},
	};
}

/**
 * The first of several alternatives that accepts the value. When none accepts
 * it and only one reports more than what it expects, that one's problems are
 * reported. Otherwise one problem names all alternatives.
 */
export function union<const D extends readonly Decoder<unknown>[]>(
	alternatives: D,
	description: string,
): Decoder<Infer<D[number]>> {
	const expected = alternatives.map((d) => d.expected).join(" or ");
	return {
		schema: { description, anyOf: alternatives.map((d) => d.schema) },
		expected,
		decode: (node, problems) => {
			const specific = new Map<string, readonly Problem[]>();
			for (const alternative of alternatives) {
				const found: Problem[] = [];
				const value = alternative.decode(
					node,
					problemSink(found, "", problems.isPartial),
				);
				if (found.length === 0) return value as Infer<D[number]>;
				const plain = mismatchMessage(node, alternative.expected);
				if (found.every((p) => p.path !== "" || p.message !== plain)) {
					specific.set(JSON.stringify(found), found);
				}
			}
			const [only] = specific.values();
			if (only === undefined || specific.size > 1) {
				return mismatch(node, expected, problems);
			}
			for (const each of only) {
				const at = each.path === "" ? problems : problems.within(each.path);
				at.report(each, each.message);
			}
			return undefined;
		},
	};
}

/**
 * Parses further what a decoder accepts.
 *
 * @param parse returns the parsed value, or the result of calling `fail` with a
 *   message that says what was expected and what was found.
 */
export function map<A, B>(
	decoder: Decoder<A>,
	parse: (value: A, fail: (message: string) => undefined) => B | undefined,
): Decoder<B> {
	return {
		...decoder,
		decode: (node, problems) => {
			const value = decoder.decode(node, problems);
			if (value === undefined) return undefined;
			return parse(value, (message) => {
				problems.report(node.at, message);
				return undefined;
			});
		},
	};
}
