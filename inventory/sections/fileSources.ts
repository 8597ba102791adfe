/**
 * Local files and secrets that `tuning.files` names. A file's content replaces
 * `source` when the inventory file is read. A secret's content is added to
 * `contentSecret` where the stack's secrets are available.
 */

import type { ProblemSink } from "../../model/problem";
import {
	contentOf,
	contentSecret,
	maximumBytes,
	type SecretReader,
	secretContent,
} from "../decode/fileContent";
import { type Entry, entryOf, type MapNode, type Node } from "../yaml/node";
import { localPath } from "./applicationFiles";

export interface Sources {
	/** @throws Error when the file does not exist; the name is as written. */
	read(name: string): Uint8Array;
	/** Absent where the inventory is read without a stack. */
	readonly secret?: SecretReader | undefined;
}

/** `source`, for the schema; `withSources` replaces it before decoding. */
export const fileSource = localPath(
	`A local file with the content, relative to this one, at most ${maximumBytes} bytes`,
);

function sourceText(
	{ value }: Entry,
	sources: Sources,
	problems: ProblemSink,
): string | Error {
	const path = fileSource.decode(value, problems);
	if (path === undefined || value.kind !== "scalar") return "";
	return contentOf(path, () => sources.read(value.text));
}

/** The three keys that declare a file's content. */
const ways = ["content", "source", "contentSecret"];

function refuseTwo(file: MapNode, problems: ProblemSink): void {
	const given = file.entries.filter(({ key }) => ways.includes(key));
	const last = given.at(-1);
	if (given.length < 2 || last === undefined) return;
	const names = given.map(({ key }) => key).join(" and ");
	problems
		.within(last.key)
		.report(
			last.value.at,
			`expected one of ${ways.join(", ")}, got ${names}; keep one of them`,
		);
}

/** The file with a text as its content. */
function filled(
	file: MapNode,
	{ key, keyAt, value }: Entry,
	text: string | Error,
	problems: ProblemSink,
): MapNode {
	if (text instanceof Error) {
		problems.within(key).report(value.at, text.message);
	}
	const content: Entry = {
		key: "content",
		keyAt,
		value: {
			kind: "scalar",
			at: value.at,
			scalar: "text",
			text: text instanceof Error ? "" : text,
		},
	};
	const others = file.entries.filter((each) => each.key !== "content");
	return { ...file, entries: [...others, content] };
}

function withContent(
	file: Node,
	sources: Sources,
	problems: ProblemSink,
): Node {
	if (file.kind !== "map") return file;
	refuseTwo(file, problems);
	const named = entryOf(file, "source");
	if (named !== undefined) {
		const text = sourceText(named, sources, problems.within("source"));
		const { entries, ...rest } = filled(file, named, text, problems);
		return { ...rest, entries: entries.filter(({ key }) => key !== "source") };
	}
	const secret = entryOf(file, "contentSecret");
	const { secret: read } = sources;
	if (secret === undefined || read === undefined) return file;
	const key = contentSecret.decode(
		secret.value,
		problems.within("contentSecret"),
	);
	return key === undefined
		? file
		: filled(file, secret, secretContent(key, read), problems);
}

/** Changes the values at a path of keys; `*` stands for every key. */
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
	sources: Sources,
	problems: ProblemSink,
): MapNode {
	const changed = [files, ["machines", "*", ...files]].reduce<Node>(
		(node, path) =>
			inside(node, path, problems, (file, sink) =>
				withContent(file, sources, sink),
			),
		tree,
	);
	return changed.kind === "map" ? changed : tree;
}
