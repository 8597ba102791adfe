/** Decoders of single values: what they accept, and how they refuse. */
import fc from "fast-check";
import type { Decoder } from "../../../inventory/decode/decoder";
import {
	boolean,
	cpuList,
	decimalText,
	integer,
	oneOf,
	onOff,
	scalarText,
	text,
} from "../../../inventory/decode/scalars";
import { decodeText } from "../decodeText";

const description = "A value.";

const decoders = {
	text: text({ description }),
	word: text({ description, pattern: /^[a-z]+$/, expected: "a word" }),
	pages: integer({ description, min: 0, unit: "pages" }),
	port: integer({ description, min: 1, max: 65535 }),
	positive: integer({ description, min: 1, unit: "seconds" }),
	bytes: decimalText({ description, unit: "bytes" }),
	boolean: boolean(description),
	color: oneOf(["red", "green", "blue"], description),
	onOff: onOff(description),
	scalarText: scalarText(description),
	cpuList: cpuList(description),
} satisfies { [name: string]: Decoder<unknown> };

type Name = keyof typeof decoders;

test.each<[Name, string, unknown]>([
	["text", "a b", "a b"],
	["text", "'5'", "5"],
	["text", "''", ""],
	["word", "abc", "abc"],
	["pages", "0", 0],
	["pages", "9007199254740991", 9007199254740991],
	["port", "65535", 65535],
	["bytes", "18446744073692774399", "18446744073692774399"],
	["bytes", "'0'", "0"],
	["boolean", "true", true],
	["boolean", "False", false],
	["color", "green", "green"],
	["onOff", "off", "off"],
	["onOff", "'on'", "on"],
	["scalarText", "0", "0"],
	["scalarText", "0x10", "0x10"],
	["scalarText", "off", "off"],
	["scalarText", "1_000", "1_000"],
	["scalarText", "4096 87380 134217728", "4096 87380 134217728"],
	["scalarText", "true", "true"],
	["scalarText", "1e3", "1e3"],
	["scalarText", "010", "010"],
	["cpuList", "8", "8"],
	["cpuList", "3,1-2", "1-3"],
	["cpuList", "0-31:16/32", "0-15"],
])("%s reads %s as %j", (name, yaml, value) => {
	expect(decodeText<unknown>(decoders[name], yaml)).toEqual({
		value,
		problems: [],
	});
});

test("any plain word survives as typed", () => {
	const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.+-]*$/);
	fc.assert(
		fc.property(word, (typed) => {
			fc.pre(!/^(?:null|Null|NULL)$/.test(typed));
			expect(decodeText(decoders.scalarText, typed).value).toBe(typed);
			expect(decodeText(decoders.scalarText, `a ${typed}`).value).toBe(
				`a ${typed}`,
			);
		}),
	);
});

test("a decoder answers or says why not, never both", () => {
	fc.assert(
		fc.property(fc.jsonValue(), (json) => {
			for (const decoder of Object.values(decoders)) {
				const yaml = JSON.stringify(json);
				const { value, problems } = decodeText<unknown>(decoder, yaml);
				expect(value === undefined).toBe(problems.length > 0);
			}
		}),
	);
});
