/**
 * Local files that `tuning.files` names: their content takes the place of
 * `source` as soon as an inventory file is read, so that overriding and
 * everything after it only knows `content`.
 */

import type { ProblemSink } from "../../model/problem";
import { contentOf, maximumBytes } from "../decode/fileContent";
import { type Entry, entryOf, type MapNode, type Node } from "../yaml/node";
import { localPath } from "./applicationFiles";

/** @throws Error when there is no such file; the name is as it was written. */
type Read = (name: string) => Uint8Array;

/** `source`, for the schema; a decoder never meets it in an inventory. */
export const fileSource = localPath(
	`A local file with the content, relative to this one, at most ${maximumBytes} bytes`,
);

function textOf(entry: Entry, read: Read, problems: ProblemSink): string {
	const { value } = entry;
	const sink = problems.within(entry.key);
	const path = fileSource.decode(value, sink);
	if (path === undefined || value.kind !== "scalar") return "";
	const text = contentOf(path, () => read(value.text));
	if (typeof text === "string") return text;
	sink.report(value.at, text.message);
	return "";
}

function withContent(file: Node, read: Read, problems: ProblemSink): Node {
	const named = file.kind === "map" ? entryOf(file, "source") : undefined;
	if (file.kind !== "map" || named === undefined) return file;
	const { at } = named.value;
	if (entryOf(file, "content") !== undefined) {
		problems
			.within("source")
			.report(at, "expected content or source, got both; keep one of them");
	}
	const text = textOf(named, read, problems);
	const content: Entry = {
		...named,
		key: "content",
		value: { kind: "scalar", at, scalar: "text", text },
	};
	const others = file.entries.filter(
		({ key }) => key !== "source" && key !== "content",
	);
	return { ...file, entries: [...others, content] };
}

/** Changes what is at a path of keys, of which `*` is every one. */
function inside(
	node: Node,
	path: readonly string[],
	problems: ProblemSink,
	change: (node: Node, problems: ProblemSink) => Node,
): Node {
	const [name, ...rest] = path;
	if (name === undefined) return change(node, problems);
	if (node.kind !== "map") return node;
	const entries = node.entries.map((entry) =>
		name === "*" || name === entry.key
			? {
					...entry,
					value: inside(entry.value, rest, problems.within(entry.key), change),
				}
			: entry,
	);
	return { ...node, entries };
}

const files = ["tuning", "files", "*"];

/** The tree of one inventory file with the content of all files it names. */
export function withSources(
	tree: MapNode,
	read: Read,
	problems: ProblemSink,
): MapNode {
	const filled = [files, ["machines", "*", ...files]].reduce<Node>(
		(node, path) =>
			inside(node, path, problems, (file, sink) =>
				withContent(file, read, sink),
			),
		tree,
	);
	return filled.kind === "map" ? filled : tree;
}
