/**
 * Small files that travel in a setting: their content as it is declared, and
 * as reports show it.
 */
import { createHash } from "node:crypto";
import { type Decoder, map, mismatch } from "./decode";
import { isPrintable } from "./printable";
import { scalarText } from "./scalars";

export const maximumBytes = 8192;

/** What keeps a text from being a file's content, if anything. */
export function contentProblem(text: string): string | undefined {
	const bytes = Buffer.byteLength(text);
	if (bytes > maximumBytes) {
		return `expected at most ${maximumBytes} bytes, got ${bytes}; deploy larger files in the directory or archive of an application`;
	}
	return isPrintable(text.replace(/[\t\n]/g, ""))
		? undefined
		: "expected text without control characters but tabs and newlines, got others";
}

/** Text of at most 8 KiB in which tabs and newlines may stand. */
export const fileContent: Decoder<string> = {
	schema: {
		type: "string",
		description: `The whole file, at most ${maximumBytes} bytes; no secrets`,
	},
	expected: "the text of the file",
	decode: (node, problems) => {
		if (node.kind !== "scalar" || node.scalar !== "text") {
			return mismatch(node, "the text of the file", problems);
		}
		const problem = contentProblem(node.text);
		if (problem === undefined) return node.text;
		problems.report(node.at, problem);
		return undefined;
	},
};

/** Permissions of four octal digits. */
export const fileMode = map(
	scalarText("Permissions in octal, as in 0644"),
	(typed, fail) =>
		/^[0-7]{3,4}$/.test(typed)
			? typed.padStart(4, "0")
			: fail(`expected permissions in octal such as 0644, got ${typed}`),
);

/**
 * What the host answers for a file of this content: `sha256:HEX BASE64`, so
 * that reports can show the hash alone.
 */
export function contentValue(content: string): string {
	const hash = createHash("sha256").update(content).digest("hex");
	const base64 = Buffer.from(content).toString("base64");
	return `sha256:${hash}${base64 === "" ? "" : ` ${base64}`}`;
}
