/**
 * Located trees in a form that tests can compare.
 */
import { parseYaml } from "../../inventory/yaml/located";
import { entryOf, type Node } from "../../inventory/yaml/node";
import { formatProblem, type Problem, problemSink } from "../../model/problem";

/** A tree, or the problems that kept it from being read. */
export function read(yaml: string | Uint8Array, file = "x.yaml") {
	const problems: Problem[] = [];
	const node = parseYaml(file, Buffer.from(yaml), problemSink(problems));
	return { node, problems: problems.map(formatProblem) };
}

/** The tree of YAML that has no problems. */
export function tree(yaml: string, file?: string): Node {
	const { node, problems } = read(yaml, file);
	expect(problems).toEqual([]);
	if (node === undefined) throw new Error("expected a tree");
	return node;
}

/** The tree as data; scalars as `kind:text`. */
export function plain(node: Node): unknown {
	switch (node.kind) {
		case "scalar":
			return `${node.scalar}:${node.text}`;
		case "sequence":
			return node.items.map(plain);
		case "map":
			return Object.fromEntries(
				node.entries.map(({ key, value }) => [key, plain(value)]),
			);
	}
}

/** Where the value below these keys was written: `x.yaml:1:4`. */
export function at(node: Node | undefined, ...keys: readonly string[]): string {
	const found = keys.reduce<Node | undefined>(
		(each, key) =>
			each?.kind === "map" ? entryOf(each, key)?.value : undefined,
		node,
	);
	if (found === undefined) throw new Error(`expected a node at ${keys}`);
	return `${found.at.file}:${found.at.line}:${found.at.col}`;
}
