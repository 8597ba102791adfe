/**
 * Makes text from hosts and files safe to show. A terminal obeys control
 * characters, a CI system obeys commands in its log, direction marks reorder a
 * line, and XML forbids some characters.
 */

const unprintable =
	/[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/gu;

/** Whether a text holds a character that must not reach a host or terminal. */
export function isPrintable(text: string): boolean {
	return text.search(unprintable) === -1;
}

/** The text in one line, with unsafe characters as `\uXXXX`. */
export function printable(text: string): string {
	return text.replace(
		unprintable,
		(char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
	);
}

// `::name::` at the start of a line, and `##[name]`, `##vso[`, `##teamcity[`
// anywhere. GitHub, Azure Pipelines and TeamCity run these from a log.
const logCommand = /^(\s*):(?=:)|#(?=#[a-z]*\[)/g;

/** A line without the commands that a CI system would run from a log. */
export function withoutCommands(line: string): string {
	return line.replace(logCommand, (found, space: string | undefined) =>
		space === undefined || found === "#" ? "\\u0023" : `${space}\\u003a`,
	);
}

/**
 * The same for a text of several lines, for a CI system's log. Private keys are
 * removed.
 */
export function printableLines(text: string): string {
	return withoutKeys(text)
		.split("\n")
		.map((line) => withoutCommands(printable(line)))
		.join("\n");
}

// The second alternative matches a key that was truncated.
const privateKey =
	/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?:[\s\S]*?-----END [A-Z0-9 ]*PRIVATE KEY-----|[\s\S]*)/g;

/** The text without private keys, for example of a key in the wrong place. */
export function withoutKeys(text: string): string {
	return text.replace(privateKey, "(a private key)");
}

/** The start of a text that is too long, and its full length. */
export function shortened(text: string, longest: number): string {
	return text.length > longest
		? `${text.slice(0, longest)}... (${text.length} characters)`
		: text;
}

/**
 * A text for display, of at most about `bytes`. Of a longer text it keeps the
 * start, which says where, and the end, which says what to do.
 */
export function boundedText(text: string, bytes: number): string {
	const all = Buffer.from(text);
	if (all.length <= bytes) return text;
	const half = Math.floor(bytes / 2);
	// Drops the bytes of a character that the limit splits.
	const part = (from: number, to: number) =>
		all
			.subarray(from, to)
			.toString()
			.replace(/^\ufffd+|\ufffd+$/g, "");
	const left = all.length - 2 * half;
	return `${part(0, half)}\n... ${left} bytes are left out here ...\n${part(all.length - half, all.length)}`;
}
