/**
 * Decoders of single values. YAML changes `0x10`, `off` or `1e3` before a
 * program sees it; these decoders read what the author typed.
 */
import {
	type CpuSet,
	CpuSetError,
	cpuListForm,
	parseCpuList,
} from "../../model/cpuSet";
import { suggestion } from "../../model/nearest";
import { isPrintable } from "../../model/printable";
import { type ProblemSink, quoted } from "../../model/problem";
import { foundText, type Node, type ScalarNode } from "../yaml/node";
import { type Decoder, map, mismatch } from "./decoder";

/** A scalar that is not empty and has no control characters. */
function filled(
	node: Node,
	expected: string,
	problems: ProblemSink,
): ScalarNode | undefined {
	if (
		node.kind !== "scalar" ||
		node.scalar === "nothing" ||
		node.scalar === "null"
	) {
		return mismatch(node, expected, problems);
	}
	if (isPrintable(node.text)) return node;
	problems.report(
		node.at,
		`expected text without control characters, got ${quoted(node.text)}`,
	);
	return undefined;
}

interface TextForm {
	readonly description: string;
	/** Anchored and without flags, because it is also the schema's pattern. */
	readonly pattern?: RegExp;
	/** Says in words what the pattern asks for. */
	readonly expected?: string;
}

/** Text, in quotes where YAML would read a number or a boolean. */
export function text(form: TextForm): Decoder<string> {
	const { description, pattern, expected = "text" } = form;
	return {
		schema: {
			type: "string",
			description,
			...(pattern === undefined ? {} : { pattern: pattern.source }),
		},
		expected,
		decode: (node, problems) => {
			const scalar = filled(node, expected, problems);
			if (scalar === undefined) return undefined;
			if (scalar.scalar !== "text") {
				problems.report(
					node.at,
					`expected ${expected}, got the ${scalar.scalar} ${scalar.text}; put it in quotes if it is meant as text`,
				);
				return undefined;
			}
			return pattern === undefined || pattern.test(scalar.text)
				? scalar.text
				: mismatch(node, expected, problems);
		},
	};
}

/**
 * A scalar of any kind, as the text the author typed. `0`, `0x10`, `off`,
 * `1_000` and `4096 87380 134217728` are not converted.
 */
export function scalarText(description: string): Decoder<string> {
	const expected = "a single value";
	return {
		schema: { type: ["string", "number", "boolean"], description },
		expected,
		decode: (node, problems) => filled(node, expected, problems)?.text,
	};
}

interface IntegerForm {
	readonly description: string;
	readonly min: number;
	readonly max?: number;
	/** Completes "a whole number of ...", in the plural. */
	readonly unit?: string;
}

function limitsText({ min, max }: IntegerForm): string {
	if (max !== undefined) return `, ${min} to ${max}`;
	return min === 0 ? "" : `, at least ${min}`;
}

/**
 * A whole number in decimal, from `min` to `max`, or to 2^53 - 1. See
 * `decimalText` for larger ones.
 */
export function integer(form: IntegerForm): Decoder<number> {
	const { description, min, max, unit } = form;
	const of = unit === undefined ? "" : ` of ${unit}`;
	const expected = `a whole number${of}${limitsText(form)}`;
	const maximum = max ?? Number.MAX_SAFE_INTEGER;
	return {
		schema: { type: "integer", description, minimum: min, maximum },
		expected,
		decode: (node, problems) => {
			const scalar = filled(node, expected, problems);
			if (scalar === undefined) return undefined;
			const value = Number(scalar.text);
			return scalar.scalar === "number" &&
				/^(?:0|-?[1-9]\d*)$/.test(scalar.text) &&
				value >= min &&
				value <= maximum
				? value
				: mismatch(node, expected, problems);
		},
	};
}

/** A whole number from 0 of any size, such as kernel.shmmax, as digits. */
export function decimalText(form: {
	readonly unit: string;
	readonly description: string;
}): Decoder<string> {
	const { unit, description } = form;
	const expected = `a whole number of ${unit}`;
	const pattern = "^(?:0|[1-9][0-9]*)$";
	return {
		schema: { type: ["integer", "string"], description, minimum: 0, pattern },
		expected,
		decode: (node, problems) => {
			const digits = filled(node, expected, problems)?.text;
			if (digits === undefined) return undefined;
			return new RegExp(pattern).test(digits)
				? digits
				: mismatch(node, expected, problems);
		},
	};
}

/** `true` or `false`; see `onOff` for what is switched on and off. */
export function boolean(description: string): Decoder<boolean> {
	const expected = "true or false";
	return {
		schema: { type: "boolean", description },
		expected,
		decode: (node, problems) => {
			const scalar = filled(node, expected, problems);
			if (scalar === undefined) return undefined;
			const word = scalar.text.toLowerCase();
			return scalar.scalar === "boolean"
				? word === "true"
				: mismatch(node, expected, problems);
		},
	};
}

/** One of the given words; for a typo, the problem suggests the nearest one. */
export function oneOf<const W extends readonly string[]>(
	words: W,
	description: string,
): Decoder<W[number]> {
	const last = words.at(-1);
	const expected =
		words.length === 1
			? `${last}`
			: `${words.slice(0, -1).join(", ")} or ${last}`;
	return {
		schema: { enum: words, description },
		expected,
		decode: (node, problems) => {
			const scalar = filled(node, expected, problems);
			if (scalar === undefined) return undefined;
			const word = words.find((each) => each === scalar.text);
			if (word !== undefined && scalar.scalar === "text") return word;
			problems.report(
				node.at,
				`expected ${expected}, got ${quoted(scalar.text)}${suggestion(scalar.text, words)}`,
			);
			return undefined;
		},
	};
}

/** `on` or `off`, which YAML 1.2 reads as words and not as booleans. */
export function onOff(description: string): Decoder<"on" | "off"> {
	const words = oneOf(["on", "off"], description);
	return {
		...words,
		decode: (node, problems) => {
			const meant =
				node.kind === "scalar" &&
				/^(?:(true|yes|y|enabled?)|false|no|n|disabled?)$/i.exec(node.text);
			if (!meant) return words.decode(node, problems);
			const word = meant[1] === undefined ? "off" : "on";
			problems.report(
				node.at,
				`expected on or off, got ${foundText(node)}; write ${word}`,
			);
			return undefined;
		},
	};
}

/** A CPU list with at least one CPU, in any notation the kernel accepts. */
export function cpuList(description: string): Decoder<CpuSet> {
	const typed = scalarText(description);
	const form: Decoder<string> = {
		...typed,
		expected: cpuListForm,
		schema: { type: ["string", "integer"], description },
		decode: (node, problems) =>
			node.kind === "scalar"
				? typed.decode(node, problems)
				: mismatch(node, cpuListForm, problems),
	};
	return map(form, (value, fail) => {
		try {
			const set = parseCpuList(value);
			return set === "" ? fail(`expected ${cpuListForm}, got ""`) : set;
		} catch (error) {
			if (error instanceof CpuSetError) return fail(error.message);
			throw error;
		}
	});
}
