/** Links and headings of a Markdown page, as GitHub shows them. */
import MarkdownIt from "markdown-it";

const markdown = new MarkdownIt({ html: true });

type Token = ReturnType<typeof markdown.parse>[number];

/** A page's text may hold `#` and `](` in code: the parser knows. */
function tokensOf(text: string): readonly Token[] {
	return markdown.parse(text, {});
}

/** Where a page's links lead, as written. */
export function linksOf(text: string): readonly string[] {
	return tokensOf(text)
		.flatMap(({ children }) => children ?? [])
		.filter(({ type }) => type === "link_open")
		.map((token) => String(token.attrGet("href")));
}

/** Everything that is set as code: blocks, and words in a sentence. */
export function codeOf(text: string): readonly string[] {
	return tokensOf(text)
		.flatMap((token) => [token, ...(token.children ?? [])])
		.filter(({ type }) => ["fence", "code_block", "code_inline"].includes(type))
		.map(({ content }) => content);
}

/** A heading's anchor: words in lower case, joined by hyphens. */
function anchorOf(heading: string): string {
	return heading
		.toLowerCase()
		.replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
		.replaceAll(" ", "-");
}

/** The text of every heading, without its markup. */
export function headingsOf(text: string): readonly string[] {
	const tokens = tokensOf(text);
	return tokens.flatMap(({ type }, index) =>
		type === "heading_open"
			? [
					(tokens[index + 1]?.children ?? [])
						.map(({ content }) => content)
						.join(""),
				]
			: [],
	);
}

/** The anchors of a page; a heading that is there twice has a number. */
export function anchorsOf(text: string): ReadonlySet<string> {
	const seen = new Map<string, number>();
	return new Set(
		headingsOf(text).map((heading) => {
			const anchor = anchorOf(heading);
			const before = seen.get(anchor) ?? 0;
			seen.set(anchor, before + 1);
			return before === 0 ? anchor : `${anchor}-${before}`;
		}),
	);
}
