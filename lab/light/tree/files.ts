/**
 * Describes the parts of a tree before they are written, so that each part is a
 * pure function and only tree.ts writes to disk.
 */

/**
 * One path: a text file, a link (relative, inside the tree) or a directory. Files
 * are 0644 unless `mode` says otherwise.
 */
export type Node =
	| { readonly text: string; readonly mode?: number }
	| { readonly link: string }
	| { readonly directory: true; readonly mode?: number };

/** From a path relative to the tree's root to its entry. */
export interface Nodes {
	readonly [path: string]: Node;
}

/** A file of lines, ended by a newline. */
export function lines(...text: readonly string[]): Node {
	return { text: text.map((line) => `${line}\n`).join("") };
}

/** A read-only kernel file. */
export function readOnly(text: string): Node {
	return { text: `${text}\n`, mode: 0o444 };
}

/** Places `nodes` below `path`. */
export function below(path: string, nodes: Nodes): Nodes {
	return Object.fromEntries(
		Object.entries(nodes).map(([name, node]) => [`${path}/${name}`, node]),
	);
}
