/**
 * Local files that `tuning.files` names: their content takes the place of
 * `source` as soon as an inventory file is read, so that overriding and
 * everything after it only knows `content`.
 */
import { isUtf8 } from "node:buffer";
import { localPath } from "./applicationFiles";
import { errorCode } from "./errorCode";
import { contentProblem, maximumBytes } from "./fileContent";
import { type Entry, entryOf, type MapNode, type Node } from "./node";
import type { ProblemSink } from "./problem";

/** @throws Error when there is no such file; the name is as it was written. */
type Read = (name: string) => Uint8Array;

/** `source`, for the schema; a decoder never meets it in an inventory. */
export const fileSource = localPath(
	`A local file with the content, relative to this one, at most ${maximumBytes} bytes`,
);

/** The file's text, or what is wrong with it. */
function textAt(path: string, read: () => Uint8Array): string | Error {
	try {
		const bytes = read();
		if (!isUtf8(bytes)) {
			return new Error(`${path}: expected text in UTF-8, got other bytes`);
		}
		const text = Buffer.from(bytes).toString("utf8");
		const problem = contentProblem(text);
		return problem === undefined ? text : new Error(`${path}: ${problem}`);
	} catch (error) {
		return new Error(
			`expected a file that can be read at ${path}, got ${errorCode(error)}`,
		);
	}
}

function textOf(entry: Entry, read: Read, problems: ProblemSink): string {
	const { value } = entry;
	const sink = problems.within(entry.key);
	const path = fileSource.decode(value, sink);
	if (path === undefined || value.kind !== "scalar") return "";
	const text = textAt(path, () => read(value.text));
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
