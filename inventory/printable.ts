/**
 * Text that others wrote, made safe to show: a terminal obeys control
 * characters, direction marks make a line read as another, and XML cannot hold
 * what is no character.
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

/** The same for a text of several lines, which stay lines. */
export function printableLines(text: string): string {
	return text.split("\n").map(printable).join("\n");
}
