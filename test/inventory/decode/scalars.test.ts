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

const noControl = "expected text without control characters, got";
const aList = "expected a CPU list such as 0-3,8 or 0-31:2/4, got";
const aPages = "expected a whole number of pages, got";

test.each<[Name, string, string]>([
	[
		"text",
		"5",
		"expected text, got the number 5; put it in quotes if it is meant as text",
	],
	["text", "a: 1", "expected text, got a map"],
	["text", "[]", "expected text, got a list"],
	[
		"text",
		"~",
		"expected text, got null, which removes what is inherited, but nothing is inherited here",
	],
	["text", '"a\\0b"', `${noControl} "a\\u0000b"`],
	["text", "|\n  a\n  b\n", `${noControl} "a\\nb\\n"`],
	["scalarText", '"\\x1b[2J"', `${noControl} "\\u001b[2J"`],
	["scalarText", '"\\u202e"', `${noControl} "\\u202e"`],
	["word", "ab1", 'expected a word, got "ab1"'],
	["pages", "8k", `${aPages} "8k"`],
	["pages", "-1", `${aPages} -1`],
	["pages", "1.5", `${aPages} 1.5`],
	["pages", "0x10", `${aPages} 0x10`],
	["pages", "010", `${aPages} 010`],
	["pages", "1e3", `${aPages} 1e3`],
	["pages", "'5'", `${aPages} "5"`],
	["pages", "9007199254740992", `${aPages} 9007199254740992`],
	["positive", "0", "expected a whole number of seconds, at least 1, got 0"],
	["port", "65536", "expected a whole number, 1 to 65535, got 65536"],
	["bytes", "-1", "expected a whole number of bytes, got -1"],
	["bytes", "1k", 'expected a whole number of bytes, got "1k"'],
	["boolean", "yes", 'expected true or false, got "yes"'],
	["boolean", "'true'", 'expected true or false, got "true"'],
	[
		"color",
		"gren",
		'expected red, green or blue, got "gren", did you mean green?',
	],
	["color", "black", 'expected red, green or blue, got "black"'],
	["onOff", "true", "expected on or off, got true; write on"],
	["onOff", "no", 'expected on or off, got "no"; write off'],
	["onOff", "enabled", 'expected on or off, got "enabled"; write on'],
	["onOff", "maybe", 'expected on or off, got "maybe"'],
	["cpuList", "''", `${aList} ""`],
	["cpuList", "5-2", 'expected a range that ascends, got "5-2"'],
	["cpuList", "[1, 2]", `${aList} a list`],
	["cpuList", "1.5", `${aList} "1.5"`],
])("%s refuses %s", (name, yaml, message) => {
	const { value, problems } = decodeText<unknown>(decoders[name], yaml);
	expect(value).toBeUndefined();
	expect(problems).toEqual([`x.yaml:1:1: ${message}`]);
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
