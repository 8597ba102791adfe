/**
 * The code blocks of README.md and of the guides in docs/. Each is headed by a
 * comment that says what a test does with it: `run: NAME`, `not run: NAME`,
 * `file: PATH`, or `output: NAME` for what commands print.
 */

const uses = ["run", "not run", "file", "output"] as const;

export interface Block {
	readonly use: (typeof uses)[number] | "unmarked";
	/** The name in the comment; of an unmarked block its first line. */
	readonly name: string;
	readonly text: string;
}

/** Every fenced block, in order. */
export function blocksOf(markdown: string): readonly Block[] {
	const fenced = /(?:^<!-- ([a-z ]+): (.+) -->\n)?^```\w*\n([\s\S]*?)^```$/gm;
	return [...markdown.matchAll(fenced)].map(([, use, name, text = ""]) => ({
		use: uses.find((each) => each === use) ?? "unmarked",
		name: name ?? text.split("\n")[0] ?? "",
		text,
	}));
}

/** A command of an output block, and what the page shows of its output. */
export interface Shown {
	readonly command: string;
	readonly lines: readonly string[];
}

/** `$ COMMAND`, then its output; `...` stands for lines that are left out. */
export function shownIn({ text }: Block): readonly Shown[] {
	return text
		.split(/^\$ /m)
		.slice(1)
		.map((session) => {
			const [command = "", ...lines] = session.split("\n");
			return {
				command,
				lines: lines.filter((line) => !["", "..."].includes(line)),
			};
		});
}
