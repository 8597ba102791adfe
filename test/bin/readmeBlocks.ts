/**
 * The code blocks of README.md. Each is headed by a comment that says what a
 * test does with it: `run: NAME`, `not run: NAME` or `file: PATH`.
 */

export interface Block {
	readonly use: "run" | "not run" | "file" | "unmarked";
	/** The name in the comment; of an unmarked block its first line. */
	readonly name: string;
	readonly text: string;
}

/** Every fenced block, in order. */
export function blocksOf(markdown: string): readonly Block[] {
	const fenced =
		/(?:^<!-- (run|not run|file): (.+) -->\n)?^```\w*\n([\s\S]*?)^```$/gm;
	return [...markdown.matchAll(fenced)].map(([, use, name, text = ""]) => ({
		use:
			use === "run" || use === "not run" || use === "file" ? use : "unmarked",
		name: name ?? text.split("\n")[0] ?? "",
		text,
	}));
}
