/** Decoders of maps, lists and alternatives. */
import {
	type Infer,
	list,
	map,
	object,
	record,
	union,
} from "../../../inventory/decode/decoder";
import {
	cpuList,
	integer,
	oneOf,
	onOff,
	scalarText,
	text,
} from "../../../inventory/decode/scalars";
import { decodeText } from "../decodeText";

const number = integer({ description: "A number.", min: 0 });

const rings = object(
	{ required: { rx: number }, optional: { tx: number, adaptive: onOff("a") } },
	"Rings.",
);

const key = map(
	text({ description: "A key.", pattern: /^[a-z0-9./]+$/, expected: "a key" }),
	(name) => name.replaceAll("/", "."),
);

describe("object", () => {
	test("an absent optional field is absent, not undefined", () => {
		const { value } = decodeText(rings, "rx: 0");
		expect(Object.entries(value ?? {})).toEqual([["rx", 0]]);
	});

	test("its type has the fields it reads", () => {
		const typed: Infer<typeof rings> = { rx: 1, adaptive: "on" };
		// @ts-expect-error absent, not undefined
		const wrong: Infer<typeof rings> = { rx: 1, tx: undefined };
		expect([typed.rx, wrong.rx]).toEqual([1, 1]);
	});

	test("everything wrong is reported at once", () => {
		const { value, problems } = decodeText(rings, "tx: x\nadaptiv: on\nq: 1");
		expect(value).toBeUndefined();
		expect(problems).toEqual([
			"x.yaml:2:1: adaptiv: this key is not known, did you mean adaptive?",
			"x.yaml:3:1: q: this key is not known; known: rx, tx, adaptive",
			"x.yaml:1:1: rx: this key is required: expected a whole number",
			'x.yaml:1:5: tx: expected a whole number, got "x"',
		]);
	});

	test("anything but a map is refused", () => {
		expect(decodeText(rings, "5").problems).toEqual([
			"x.yaml:1:1: expected a map with the keys rx, tx, adaptive, got 5",
		]);
	});

	test("a key that YAML reads as a number is its text", () => {
		const sizes = object({ optional: { 2048: number } }, "Sizes.");
		expect(decodeText(sizes, "2048: 5").value).toEqual({ 2048: 5 });
	});

	test.each(["constructor", "__proto__", "toString"])(
		"%s is a key like any other",
		(name) => {
			expect(decodeText(rings, `rx: 1\n${name}: 1`).problems).toEqual([
				`x.yaml:2:1: ${name}: this key is not known; known: rx, tx, adaptive`,
			]);
		},
	);
});

describe("record", () => {
	const values = record(key, scalarText("A value."), "Values.");

	test("keys are decoded", () => {
		expect(decodeText(values, "a/b: 1\n2048: x\n").value).toEqual({
			"a.b": "1",
			"2048": "x",
		});
	});

	test("two spellings of one key are reported", () => {
		expect(decodeText(values, "a/b: 1\na.b: 2").problems).toEqual([
			"x.yaml:2:1: a.b: expected each key once, got a.b twice",
		]);
	});

	test("bad keys and bad values are reported", () => {
		expect(decodeText(values, "A B: 1\na: []").problems).toEqual([
			'x.yaml:1:1: A B: expected a key, got "A B"',
			"x.yaml:2:4: a: expected a single value, got a list",
		]);
	});

	test("__proto__ is a key, not a prototype", () => {
		const any = record(scalarText("k"), scalarText("v"), "Any.");
		const { value } = decodeText(any, "__proto__: 1");
		expect(Object.entries(value ?? {})).toEqual([["__proto__", "1"]]);
	});
});

describe("list", () => {
	const numbers = list(number, "Numbers.");

	test("items keep their order, and none is a list too", () => {
		expect(decodeText(numbers, "[3, 1]").value).toEqual([3, 1]);
		expect(decodeText(numbers, "[]").value).toEqual([]);
	});

	test("bad items are named by number", () => {
		expect(decodeText(numbers, "[0, a, 1, b]").problems).toEqual([
			'x.yaml:1:5: [1]: expected a whole number, got "a"',
			'x.yaml:1:11: [3]: expected a whole number, got "b"',
		]);
	});
});

describe("union", () => {
	const pages = union([oneOf(["max"], "All."), number, rings], "Pages.");

	test("the first alternative that accepts is taken", () => {
		expect(decodeText(pages, "max").value).toBe("max");
		expect(decodeText(pages, "5").value).toBe(5);
		expect(decodeText(pages, "rx: 5").value).toEqual({ rx: 5 });
	});

	test("a value of no alternative is one sentence about all", () => {
		expect(decodeText(pages, "x").problems).toEqual([
			'x.yaml:1:1: expected max or a whole number or a map with the keys rx, tx, adaptive, got "x"',
		]);
	});

	test("a mistake inside the only fitting alternative is named itself", () => {
		const outer = object({ required: { p: pages } }, "Outer.");
		expect(decodeText(outer, "p:\n  rx: 1\n  t: 2").problems).toEqual([
			"x.yaml:3:3: p.t: this key is not known, did you mean tx?",
		]);
		expect(decodeText(list(pages, "l"), "- {tx: 1}").problems).toEqual([
			"x.yaml:1:3: [0].rx: this key is required: expected a whole number",
		]);
	});

	test("a problem that only one alternative explains is reported by it", () => {
		const cpus = union([onOff("All or none."), cpuList("CPUs.")], "CPUs.");
		const outer = object({ required: { c: cpus } }, "Outer.");
		expect(decodeText(outer, "c: 5-2").problems).toEqual([
			'x.yaml:1:4: c: expected a range that ascends, got "5-2"',
		]);
		expect(decodeText(outer, 'c: "\\0"').problems).toEqual([
			'x.yaml:1:4: c: expected text without control characters, got "\\u0000"',
		]);
		expect(decodeText(outer, "c: []").problems).toEqual([
			"x.yaml:1:4: c: expected on or off or a CPU list such as 0-3,8 or 0-31:2/4, got a list",
		]);
	});
});

test("map parses further and reports at the value", () => {
	const even = map(number, (n, fail) =>
		n % 2 === 0 ? { half: n / 2 } : fail(`expected an even number, got ${n}`),
	);
	const outer = object({ required: { n: even } }, "Outer.");
	expect(decodeText(outer, "n: 4").value).toEqual({ n: { half: 2 } });
	expect(decodeText(outer, "n: 3").problems).toEqual([
		"x.yaml:1:4: n: expected an even number, got 3",
	]);
});
