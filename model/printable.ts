/**
 * Text that others wrote, made safe to show: a terminal obeys control
 * characters, a CI system obeys commands in its log, direction marks make a
 * line read as another, and XML cannot hold what is no character.
 */

const unprintable =
	/[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/gu;

/** Whether a text holds a character that must not reach a host or terminal. */
export function isPrintable(text: string): boolean {
	return text.search(unprintable) === -1;
}

/** The text in one line, with what must not be shown as `\uXXXX`. */
export function printable(text: string): string {
	return text.replace(
		unprintable,
		(char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
	);
}

// `::name::` at the start of a line, and `##[name]`, `##vso[`, `##teamcity[`
// anywhere: GitHub, Azure Pipelines and TeamCity run them from a log.
const logCommand = /^(\s*):(?=:)|#(?=#[a-z]*\[)/g;

/** A line without the commands that a CI system runs from a log. */
export function withoutCommands(line: string): string {
	return line.replace(logCommand, (found, space: string | undefined) =>
		space === undefined || found === "#" ? "\\u0023" : `${space}\\u003a`,
	);
}

/**
 * The same for a text of several lines, which stay lines, and for a CI system's
 * log, which has commands of its own. Private keys are left out.
 */
export function printableLines(text: string): string {
	return withoutKeys(text)
		.split("\n")
		.map((line) => withoutCommands(printable(line)))
		.join("\n");
}

// The second half is of a key that was cut.
const privateKey =
	/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?:[\s\S]*?-----END [A-Z0-9 ]*PRIVATE KEY-----|[\s\S]*)/g;

/** The text without the private keys in it, as of one in the wrong place. */
export function withoutKeys(text: string): string {
	return text.replace(privateKey, "(a private key)");
}

/** The start of a text that is too long, and how long it was. */
export function shortened(text: string, longest: number): string {
	return text.length > longest
		? `${text.slice(0, longest)}... (${text.length} characters)`
		: text;
}

/**
 * A text for a person, in at most about `bytes`: of a longer one the start,
 * which says where, and the end, which says what to do.
 */
export function boundedText(text: string, bytes: number): string {
	const all = Buffer.from(text);
	if (all.length <= bytes) return text;
	const half = Math.floor(bytes / 2);
	// Bytes that a cut leaves of a character are dropped.
	const part = (from: number, to: number) =>
		all
			.subarray(from, to)
			.toString()
			.replace(/^\ufffd+|\ufffd+$/g, "");
	const left = all.length - 2 * half;
	return `${part(0, half)}\n... ${left} bytes are left out here ...\n${part(all.length - half, all.length)}`;
}
