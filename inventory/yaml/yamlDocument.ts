/**
 * Parses the bytes of a file as one YAML document, or reports why it is not
 * one.
 */
import { Composer, type CST, type Document, LineCounter, Parser } from "yaml";
import type { Location } from "../../model/problem";

/** Far above any real inventory; values that aliases repeat count as well. */
export const limits = { bytes: 1_000_000, values: 50_000, depth: 50 };

/** Stops the reading of a file at its first problem. */
export class Unreadable extends Error {
	constructor(
		readonly at: Location,
		message: string,
	) {
		super(message);
	}
}

/** A document that has contents, and where an offset in its file is. */
export interface LocatedDocument {
	readonly document: Document;
	readonly locate: (offset: number | undefined) => Location;
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
	// U+FFFD marks the first byte that is not UTF-8, unless the file contains it.
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

function childrenOf(token: CST.Token): readonly CST.Token[] {
	if (token.type === "document") {
		return token.value === undefined ? [] : [token.value];
	}
	const items = "items" in token ? token.items : [];
	return items
		.flatMap((item) => [item.key, item.value])
		.filter((each) => each !== undefined && each !== null);
}

/**
 * The composer is recursive; deep nesting would overflow its stack and end the
 * process.
 */
function isTooDeep(tokens: readonly CST.Token[]): boolean {
	let level = tokens;
	for (let depth = 0; depth <= limits.depth; depth++) {
		level = level.flatMap(childrenOf);
	}
	return level.length > 0;
}

function documentsOf(
	file: string,
	text: string,
	lineCounter: LineCounter,
): readonly Document[] {
	const tokens = [...new Parser(lineCounter.addNewLine).parse(text)];
	if (isTooDeep(tokens)) {
		throw new Unreadable(
			{ file, line: 1, col: 1 },
			`expected values at most ${limits.depth} deep, got deeper ones`,
		);
	}
	// Duplicate keys are reported below, where both places are known.
	const composer = new Composer({
		schema: "failsafe",
		uniqueKeys: false,
		merge: false,
	});
	return [...composer.compose(tokens)];
}

function refuseSyntaxErrors({ document, locate }: LocatedDocument): void {
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

/**
 * Reads the one document of a file.
 *
 * @param file the name that locations carry.
 * @throws Unreadable at the first problem that prevents reading the file.
 */
export function readDocument(file: string, bytes: Uint8Array): LocatedDocument {
	const lineCounter = new LineCounter();
	const locate = (offset = 0): Location => {
		const { line, col } = lineCounter.linePos(offset);
		return { file, line: Math.max(line, 1), col: Math.max(col, 1) };
	};
	const text = textOf(file, bytes);
	const [document, second] = documentsOf(file, text, lineCounter);
	if (document === undefined) {
		throw new Unreadable(
			{ file, line: 1, col: 1 },
			"expected a map, but the file is empty",
		);
	}
	refuseSyntaxErrors({ document, locate });
	if (second !== undefined) {
		throw new Unreadable(
			locate(second.range?.[0]),
			"expected one YAML document, got a second one; split the file",
		);
	}
	return { document, locate };
}
