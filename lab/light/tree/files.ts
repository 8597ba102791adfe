/**
 * How the parts of a tree are described before they are written, so that each
 * part is a pure function and only tree.ts touches the disk.
 */

/** One path: a text file, a link (relative, never leaving the tree) or a
 * directory. Files are 0644 unless `mode` says otherwise. */
export type Node =
	| { readonly text: string; readonly mode?: number }
	| { readonly link: string }
	| { readonly directory: true; readonly mode?: number };

/** Path relative to the tree's root to what is there. */
export interface Nodes {
	readonly [path: string]: Node;
}

/** A file of lines, ended by a newline. */
export function lines(...text: readonly string[]): Node {
	return { text: text.map((line) => `${line}\n`).join("") };
}

/** A kernel file nobody may write. */
export function readOnly(text: string): Node {
	return { text: `${text}\n`, mode: 0o444 };
}

/** Places `nodes` below `path`. */
export function below(path: string, nodes: Nodes): Nodes {
	return Object.fromEntries(
		Object.entries(nodes).map(([name, node]) => [`${path}/${name}`, node]),
	);
}
