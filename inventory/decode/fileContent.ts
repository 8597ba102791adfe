/**
 * Small files that are sent with their settings: their declared content, and
 * what reports show of it.
 */
import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { errorCode } from "../../model/errorCode";
import { isPrintable } from "../../model/printable";
import { type Decoder, map, mismatch } from "./decoder";
import { scalarText, text } from "./scalars";

export const maximumBytes = 8192;

/** Why a text cannot be a file's content; undefined when it can. */
export function contentProblem(text: string): string | undefined {
	const bytes = Buffer.byteLength(text);
	if (bytes > maximumBytes) {
		return `expected at most ${maximumBytes} bytes, got ${bytes}; deploy larger files in the directory or archive of an application`;
	}
	return isPrintable(text.replace(/[\t\n]/g, ""))
		? undefined
		: "expected text without control characters but tabs and newlines, got others";
}

/**
 * A local file's content, or what is wrong with it.
 *
 * @param path as written in the inventory, for the message.
 */
export function contentOf(
	path: string,
	read: () => Uint8Array,
): string | Error {
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

/** Text of at most 8 KiB that may contain tabs and newlines. */
export const fileContent: Decoder<string> = {
	schema: {
		type: "string",
		description: `The whole file, at most ${maximumBytes} bytes`,
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

/** Names a secret of the stack's config whose text is the file's content. */
export const contentSecret = text({
	description:
		"A key of the stack's config, set with `pulumi config set --secret KEY`, whose value is the whole file",
	pattern: /^(?:[A-Za-z][A-Za-z0-9_.-]*:)?[A-Za-z0-9_.-]+$/,
	expected: "a key of the stack's config such as fxToken or fx-store:token",
});

/** The text of a secret of the stack's config, or what is wrong with it. */
export type SecretReader = (key: string) => string | Error;

/** A secret as a file's content. */
export function secretContent(key: string, read: SecretReader): string | Error {
	const found = read(key);
	if (found instanceof Error) return found;
	const problem = contentProblem(found);
	return problem === undefined
		? found
		: new Error(`the secret ${key}: ${problem}`);
}

interface ModedFile {
	readonly contentSecret?: string;
	readonly mode?: string;
}

/**
 * The file itself; one that holds a secret has the mode 0600 by default, and no
 * mode that lets every account read it.
 */
export function withSecretMode<File extends ModedFile>(
	file: File,
	fail: (message: string) => undefined,
): File | undefined {
	const { contentSecret, mode = "0600" } = file;
	if (contentSecret === undefined) return file;
	return /[4-7]$/.test(mode)
		? fail(
				`expected a mode that keeps a secret from every account, such as 0600 or 0640, got ${mode}`,
			)
		: { ...file, mode };
}

const bits = { r: 4, w: 2, x: 1 } as const;
const special = { u: 4, g: 2, o: 1 } as const;

/**
 * The digits of a mode in the words of chmod(1), such as u=rw,g=r,o=; undefined
 * unless it sets the permissions of user, group and others each once.
 */
function symbolicMode(typed: string): string | undefined {
	const parts = typed
		.split(",")
		.map((part) => /^([ugoa]+)=([rwxst]*)$/.exec(part));
	const digits: { [who: string]: number } = {};
	let highest = 0;
	for (const part of parts) {
		const [, who = "", letters = ""] = part ?? [];
		for (const each of who.replace("a", "ugo")) {
			if (each in digits) return undefined;
			digits[each] = [...new Set(letters)].reduce(
				(sum, letter) => sum + (bits[letter as keyof typeof bits] ?? 0),
				0,
			);
			const isSpecial = each === "o" ? "t" : "s";
			if (letters.includes(isSpecial)) {
				highest += special[each as keyof typeof special];
			}
		}
	}
	const [user, group, others] = [..."ugo"].map((who) => digits[who]);
	return user === undefined || group === undefined || others === undefined
		? undefined
		: `${highest}${user}${group}${others}`;
}

/** Permissions, as four octal digits: 644, 0o644 and u=rw,go=r are one mode. */
export const fileMode = map(
	scalarText("Permissions in octal, as in 0644, or as in u=rw,go=r"),
	(typed, fail) => {
		const [, digits] = /^(?:0o|0*)([0-7]{1,4})$/.exec(typed) ?? [];
		const isOctal = digits !== undefined && typed.length >= 3;
		const mode = isOctal ? digits.padStart(4, "0") : symbolicMode(typed);
		return (
			mode ??
			fail(
				`expected permissions in octal such as 0644, or for each of u, g and o such as u=rw,go=r, got ${typed}`,
			)
		);
	},
);

/** The value of a file's setting, as the host answers it: `sha256:HEX SIZE`. */
export function contentValue(content: string): string {
	const hash = createHash("sha256").update(content).digest("hex");
	return `sha256:${hash} ${Buffer.byteLength(content)}`;
}
