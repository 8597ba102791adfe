/** Nothing that is printed moves the cursor, and JSON stays JSON. */
import fc from "fast-check";
import { terminalJson, terminalText } from "../../reports/terminalText";

test("controls, lone surrogates and direction marks are written out", () => {
	expect(terminalText("a\u0000\u009b\ud800\u2028\u2067z")).toBe(
		"a\\u0000\\u009b\\ud800\\u2028\\u2067z",
	);
});

test("letters of every script and pictures stay as they are", () => {
	expect(terminalText("Grüße, мир, 世界 🚀")).toBe("Grüße, мир, 世界 🚀");
});

test("JSON is read back as the value, whatever it holds", () => {
	fc.assert(
		fc.property(fc.jsonValue(), fc.string({ unit: "binary" }), (json, text) => {
			const value = { json, text };
			const printed = terminalJson(value);
			expect(JSON.parse(printed)).toEqual(JSON.parse(JSON.stringify(value)));
			// biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
			expect(printed).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
		}),
	);
});
