/** Nothing that is shown moves a cursor, reverses a line or breaks XML. */
import fc from "fast-check";
import {
	boundedText,
	isPrintable,
	printable,
	printableLines,
} from "../../model/printable";
import { quoted } from "../../model/problem";
import { SshError } from "../../ssh/errors";

test("controls, lone surrogates and direction marks are written out", () => {
	expect(printable("a\u0000\u009b\ud800\u2028\u2067\ufffe\u061cz")).toBe(
		"a\\u0000\\u009b\\ud800\\u2028\\u2067\\ufffe\\u061cz",
	);
});

test("commands of a CI system's log are not at a line's beginning", () => {
	expect(
		printableLines(
			"a ::b\n::error::x\n \t::set-env name=A::b\n##[error]x ##vso[task.x]",
		),
	).toBe(
		"a ::b\n\\u003a:error::x\n \\u0009::set-env name=A::b\n\\u0023#[error]x \\u0023#vso[task.x]",
	);
	expect(printableLines("# heading\n## another [1]")).toBe(
		"# heading\n## another [1]",
	);
});

test("a private key in the wrong place is in no message", () => {
	const key = `-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIsecret\n`;
	const whole = `${key}-----END EC PRIVATE KEY-----`;
	expect(printableLines(`a ${whole}\nb ${whole} c`)).toBe(
		"a (a private key)\nb (a private key) c",
	);
	for (const text of [key, whole, whole.replaceAll("\n", " ")]) {
		expect(quoted(text)).toBe('"(a private key)"');
		const error = new SshError("privateKey", `h: privateKeyFile ${text}`);
		expect(error.message).not.toContain("secret");
	}
});

test("a text that is too long keeps its start and its end", () => {
	const text = `where: ${"é".repeat(5000)}; next: do this`;
	const cut = boundedText(text, 1000);
	expect(Buffer.byteLength(cut)).toBeLessThan(1100);
	expect(cut).toMatch(
		/^where: é+\n\.\.\. \d+ bytes are left out here \.\.\.\né+; next: do this$/,
	);
	expect(boundedText(text, 100_000)).toBe(text);
});

test("letters of every script and pictures stay as they are", () => {
	expect(printable("Grüße, мир, 世界 🚀")).toBe("Grüße, мир, 世界 🚀");
});

test("escaped text is printable, and keeps its lines", () => {
	fc.assert(
		fc.property(fc.string({ unit: "binary" }), (text) => {
			expect(isPrintable(printable(text))).toBe(true);
			expect(printableLines(text).split("\n").length).toBe(
				text.split("\n").length,
			);
		}),
	);
});
