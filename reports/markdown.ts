/**
 * Embeds text from hosts and files in Markdown for GitHub and GitLab. Nothing
 * in it may become a link, a mention, HTML or another cell.
 */
import { printable } from "../model/printable";

/**
 * A text as code, also safe in a table. It is a code span where the text cannot
 * end it, else an HTML element in which every sign is a reference. Neither site
 * resolves mentions, links and commits inside code.
 */
export function code(text: string): string {
	const shown = printable(text).trim();
	if (shown === "") return '`""`';
	if (!/[`|\\]/.test(shown)) return `\`${shown}\``;
	const references = shown.replace(
		/[^A-Za-z0-9 ]/gu,
		(sign) => `&#${sign.codePointAt(0)};`,
	);
	return `<code>${references}</code>`;
}

/** A row of a table; its cells are Markdown. */
export function row(cells: readonly string[]): string {
	return `| ${cells.join(" | ")} |`;
}

/**
 * Lines up to a size, and then one last line in place of the rest.
 *
 * @param limit in bytes of UTF-8, which are never fewer than characters.
 * @param rest makes the last line from the number of lines left out.
 */
export function bounded(
	lines: readonly string[],
	limit: number,
	rest: (count: number) => string,
): readonly string[] {
	const size = (line: string) => Buffer.byteLength(line) + 1;
	// The last line is longest when it counts all lines.
	const reserved = size(rest(lines.length));
	let left = limit;
	const fits = lines.findIndex((line, index) => {
		left -= size(line);
		return left < (index === lines.length - 1 ? 0 : reserved);
	});
	return fits === -1
		? lines
		: [...lines.slice(0, fits), rest(lines.length - fits)];
}
