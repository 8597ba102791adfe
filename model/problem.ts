/**
 * Problems of an inventory: one sentence each, with the place in the file. They
 * are collected first and thrown together.
 */
import { printable, withoutKeys } from "./printable";

/** A place in a file; line and column count from 1. */
export interface Location {
	readonly file: string;
	readonly line: number;
	readonly col: number;
}

/** One thing wrong with an inventory. */
export interface Problem extends Location {
	/** The value's place in the tree, such as `tuning.hugePages.2M`, or "". */
	readonly path: string;
	/** What was expected and what was found. */
	readonly message: string;
}

/**
 * Where decoders report problems; it knows the path of the value being decoded.
 */
export interface ProblemSink {
	report(at: Location, message: string): void;
	/** The sink for a key, or with `[0]` for an item, of the value. */
	within(segment: string): ProblemSink;
	/**
	 * Whether a file could not be read, so that values may be missing. Then
	 * problems that this file could have fixed are not reported.
	 */
	readonly isPartial: boolean;
}

/** A text from an inventory, quoted and shortened for a message. */
export function quoted(text: string): string {
	const safe = withoutKeys(text);
	return printable(
		JSON.stringify(safe.length > 60 ? `${safe.slice(0, 60)}...` : safe),
	);
}

/** A sink that appends to `into`, for the value at `path`. */
export function problemSink(
	into: Problem[],
	path = "",
	isPartial = false,
): ProblemSink {
	return {
		isPartial,
		report: (at, message) => {
			const { file, line, col } = at;
			into.push({ file, line, col, path, message });
		},
		within: (segment) => {
			const dot = path === "" || segment.startsWith("[") ? "" : ".";
			return problemSink(into, `${path}${dot}${segment}`, isPartial);
		},
	};
}

/** `hosts/x.yaml:14:9` */
export function formatLocation({ file, line, col }: Location): string {
	return `${file}:${line}:${col}`;
}

/** `hosts/x.yaml:14:9: tuning.smt: expected on or off, got "maybe"` */
export function formatProblem(problem: Problem): string {
	const { path, message } = problem;
	const where = path === "" ? "" : `${path}: `;
	return printable(
		withoutKeys(`${formatLocation(problem)}: ${where}${message}`),
	);
}

/** An inventory is wrong; the message has one line per problem. */
export class InventoryError extends Error {
	/** @param problems at least one, in the order they should be read. */
	constructor(readonly problems: readonly Problem[]) {
		super(problems.map(formatProblem).join("\n"));
		this.name = "InventoryError";
	}
}
