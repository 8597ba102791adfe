/** Reads JSON files that another program or a person wrote. */
import { readFileSync } from "node:fs";
import { errorCode } from "../model/errorCode";

/**
 * The text of a file.
 *
 * @param what its expected content, for the message.
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
 * @throws Error naming the file when it is not JSON.
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
