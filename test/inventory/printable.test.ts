/** Nothing that is shown moves a cursor, reverses a line or breaks XML. */
import fc from "fast-check";
import {
	isPrintable,
	printable,
	printableLines,
} from "../../inventory/printable";

test("controls, lone surrogates and direction marks are written out", () => {
	expect(printable("a\u0000\u009b\ud800\u2028\u2067\ufffe\u061cz")).toBe(
		"a\\u0000\\u009b\\ud800\\u2028\\u2067\\ufffe\\u061cz",
	);
});

test("letters of every script and pictures stay as they are", () => {
	expect(printable("Grüße, мир, 世界 🚀")).toBe("Grüße, мир, 世界 🚀");
});

test("what was written out is printable, and only lines stay lines", () => {
	fc.assert(
		fc.property(fc.string({ unit: "binary" }), (text) => {
			expect(isPrintable(printable(text))).toBe(true);
			expect(printableLines(text).split("\n").length).toBe(
				text.split("\n").length,
			);
		}),
	);
});
