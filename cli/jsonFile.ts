/** Reads JSON that another program, or a person, has written into a file. */
import { readFileSync } from "node:fs";
import { errorCode } from "../model/errorCode";

/**
 * The text of a file.
 *
 * @param what should be in it, for the message.
 * @throws Error naming the file when it cannot be read.
 */
export function fileText(path: string, what: string): string {
	try {
		return readFileSync(path, "utf8");
	} catch (error) {
		throw new Error(`${path}: expected ${what}, got ${errorCode(error)}`);
	}
}

/**
 * A file's text as JSON.
 *
 * @throws Error naming the file when it is none.
 */
export function jsonIn({
	path,
	text,
	what,
}: {
	path: string;
	text: string;
	what: string;
}): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
		throw new Error(
			`${path}: expected ${what} as JSON, got something else: ${error.message}`,
		);
	}
}
