/** Breaks text into lines, and shortens long text. */
import stringWidth from "string-width";

// Keys and paths have no spaces, so they are broken after `.`, `/` and `_`.
const pieces = /[^ ,./_]*[ ,./_]*/g;

/** The pieces of a text that should stay whole, each with the sign after it. */
export function piecesOf(text: string): readonly string[] {
	return (text.match(pieces) ?? []).map((piece) => piece.trimEnd());
}

const characters = new Intl.Segmenter();

/** The first characters of a text that fit, at least one. */
function start(text: string, width: number): string {
	let fitting = "";
	let left = width;
	for (const { segment } of characters.segment(text)) {
		left -= stringWidth(segment);
		if (fitting !== "" && left < 0) break;
		fitting += segment;
	}
	return fitting;
}

/** The parts of a text between which a line may end. */
function partsOf(text: string, width: number): readonly string[] {
	return (text.match(/\S*\s*/g) ?? []).flatMap((word) =>
		stringWidth(word.trimEnd()) <= width ? [word] : (word.match(pieces) ?? []),
	);
}

/**
 * A text in lines of at most `width` columns. A word that is longer than a line
 * is broken after `,`, `.`, `/` or `_`, or else anywhere.
 */
export function wrapped(text: string, width: number): readonly string[] {
	const lines: string[] = [];
	let line = "";
	for (const part of partsOf(text, width)) {
		if (stringWidth((line + part).trimEnd()) <= width) {
			line += part;
			continue;
		}
		if (line !== "") lines.push(line.trimEnd());
		line = part;
		while (stringWidth(line.trimEnd()) > width) {
			const fitting = start(line, width);
			lines.push(fitting);
			line = line.slice(fitting.length);
		}
	}
	return line.trimEnd() === "" && lines.length > 0
		? lines
		: [...lines, line.trimEnd()];
}

/** The same, with the lines after the first indented by two. */
export function hanging(text: string, width: number | undefined): string {
	if (width === undefined) return text;
	const [first = "", ...rest] = wrapped(text, Math.max(2, width - 2));
	return [first, ...rest.map((line) => `  ${line}`)].join("\n");
}

/** At most this many lines; the last ends with `…` when some were left out. */
export function atMost(
	lines: readonly string[],
	most: number,
	width: number,
): readonly string[] {
	if (lines.length <= most) return lines;
	const last = lines[most - 1] ?? "";
	const kept = stringWidth(last) < width ? last : start(last, width - 1);
	// A wide character may leave no room for the `…`.
	const shown = stringWidth(kept) < width ? kept : "";
	return [...lines.slice(0, most - 1), `${shown}…`];
}

/** A text with each SHA-256 in it shortened to 12 digits. */
export function withShortHashes(text: string): string {
	return text.replace(
		/(?<![0-9A-Za-z])([0-9a-f]{12})[0-9a-f]{52}(?![0-9A-Za-z])/g,
		"$1…",
	);
}
