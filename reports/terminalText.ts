/**
 * Text that came from a host or from state, made safe to print: a terminal
 * obeys control characters, and direction marks make a line read as another.
 */

const unprintable =
	/[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** The text with what a terminal would obey written as `\uXXXX`. */
export function terminalText(text: string): string {
	return text.replace(
		unprintable,
		(char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
	);
}

/** A value as indented JSON that is safe to print, and still JSON. */
export function terminalJson(value: unknown): string {
	return JSON.stringify(value, undefined, 2)
		.split("\n")
		.map(terminalText)
		.join("\n");
}
