/**
 * Paths on the local machine, and files of a release, as an application names
 * them.
 */
import { posix } from "node:path";
import type { ProblemSink } from "../../model/problem";
import { type Decoder, map, object } from "../decode/decoder";
import {
	contentSecret,
	fileContent,
	fileMode,
	withSecretMode,
} from "../decode/fileContent";
import { ownFile } from "../decode/hostPaths";
import { text } from "../decode/scalars";
import type { Node } from "../yaml/node";

/** A path relative to the file that names it, as problems show that file. */
export function localPath(description: string): Decoder<string> {
	const typed = text({
		description,
		pattern: /^[^\s].*$/,
		expected: "a path relative to this file",
	});
	return {
		...typed,
		decode: (node: Node, problems: ProblemSink) => {
			const path = typed.decode(node, problems);
			if (path === undefined) return undefined;
			if (!path.startsWith("/")) {
				return posix.join(posix.dirname(node.at.file), path);
			}
			problems.report(
				node.at,
				`expected a path relative to this file, got ${path}; another machine would not have it`,
			);
			return undefined;
		},
	};
}

/** Refuses a path that could leave its directory. */
export function withoutDots(
	path: string,
	fail: (message: string) => undefined,
) {
	return path.split("/").some((part) => part === "." || part === "..")
		? fail(`expected a path without . and .., got ${path}`)
		: path;
}

const releasePath = map(
	text({
		description: "In the release's directory, or absolute",
		pattern: /^\/?[A-Za-z0-9_@+-][A-Za-z0-9_.@+-]*(?:\/[A-Za-z0-9_.@+-]+)*$/,
		expected: "a path without whitespace",
	}),
	(typed, fail) => {
		const path = withoutDots(typed, fail);
		return path?.startsWith("/") ? ownFile(path, fail) : path;
	},
);

export const releaseFile = map(
	object(
		{
			required: { path: releasePath },
			optional: {
				content: fileContent,
				source: localPath("The file with its content, beside this one"),
				contentSecret,
				mode: fileMode,
			},
		},
		"One configuration file",
	),
	(spec, fail) => {
		const { content, source, contentSecret } = spec;
		const given = [content, source, contentSecret];
		if (given.filter((each) => each !== undefined).length !== 1) {
			return fail("expected one of content, source, contentSecret");
		}
		return withSecretMode(spec, fail);
	},
);
