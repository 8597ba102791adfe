/** JSON stays JSON, and moves no cursor. */
import fc from "fast-check";
import { printableJson } from "../../reports/json";

test("JSON is read back as the value, whatever it holds", () => {
	fc.assert(
		fc.property(fc.jsonValue(), fc.string({ unit: "binary" }), (json, text) => {
			const value = { json, text };
			const printed = printableJson(value);
			expect(JSON.parse(printed)).toEqual(JSON.parse(JSON.stringify(value)));
			// biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
			expect(printed).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
		}),
	);
});
