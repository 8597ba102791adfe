/** Breaks text into lines, and shortens what nobody reads to its end. */
import stringWidth from "string-width";

// Keys and paths have no spaces: `.`, `/` and `_` are where they can be broken.
const pieces = /[^ ,./_]*[ ,./_]*/g;

/** A text in pieces that are better not broken, each with what follows it. */
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
 * is broken after the signs between a key's words, or else anywhere.
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

/** At most so many lines, the last with `…` where some were left out. */
export function atMost(
	lines: readonly string[],
	most: number,
	width: number,
): readonly string[] {
	if (lines.length <= most) return lines;
	const last = lines[most - 1] ?? "";
	const kept = stringWidth(last) < width ? last : start(last, width - 1);
	// A wide character leaves no room for the sign.
	const shown = stringWidth(kept) < width ? kept : "";
	return [...lines.slice(0, most - 1), `${shown}…`];
}

/** A text with 12 digits of each SHA-256 in it. */
export function withShortHashes(text: string): string {
	return text.replace(
		/(?<![0-9A-Za-z])([0-9a-f]{12})[0-9a-f]{52}(?![0-9A-Za-z])/g,
		"$1…",
	);
}
