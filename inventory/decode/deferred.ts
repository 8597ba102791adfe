/**
 * Sections that are merged before they are decoded. Another file may supply
 * what a section lacks, so only its shape is checked before the merge.
 */

import type { MapNode } from "../yaml/node";
import {
	type Decoder,
	type JsonSchema,
	type JsonValue,
	mismatch,
} from "./decoder";

function isSchema(value: JsonValue | undefined): value is JsonSchema {
	return typeof value === "object" && !Array.isArray(value);
}

function orNull(value: JsonValue): JsonSchema {
	return { anyOf: [partial(value), { type: "null" }] };
}

/** A schema in which nothing is required and `null` removes any key. */
function partial(value: JsonValue): JsonValue {
	if (!isSchema(value)) return value;
	const { required: _, ...schema } = value;
	const { properties, additionalProperties, anyOf } = schema;
	return {
		...schema,
		...(isSchema(properties) && {
			properties: Object.fromEntries(
				Object.entries(properties).map(([key, each]) => [key, orNull(each)]),
			),
		}),
		...(isSchema(additionalProperties) && {
			additionalProperties: orNull(additionalProperties),
		}),
		...(Array.isArray(anyOf) && { anyOf: anyOf.map(partial) }),
	};
}

/** Yields the map itself, for the given decoder to decode later. */
export function deferred(decoder: Decoder<unknown>): Decoder<MapNode> {
	return {
		schema: decoder.schema,
		expected: decoder.expected,
		decode: (node, problems) =>
			node.kind === "map" ? node : mismatch(node, decoder.expected, problems),
	};
}

/** As `deferred`, for a section that another map is merged with. */
export function mergeable(decoder: Decoder<unknown>): Decoder<MapNode> {
	return { ...deferred(decoder), schema: orNull(decoder.schema) };
}
