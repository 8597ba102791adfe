/** YAML files as trees that know where everything was written. */
import fc from "fast-check";
import { at, plain, read, tree } from "../trees";

test("scalars stay what the author typed", () => {
	const yaml = `a: off
b: 0x10
c: 1_000
d: "5"
e: 4096 87380 134217728
f: true
g: ~
h:
i: 1e3
j: '~'
k: 010
2048: x
0x10: y
`;
	expect(plain(tree(yaml))).toEqual({
		a: "text:off",
		b: "number:0x10",
		c: "text:1_000",
		d: "text:5",
		e: "text:4096 87380 134217728",
		f: "boolean:true",
		g: "null:~",
		h: "nothing:",
		i: "number:1e3",
		j: "text:~",
		k: "number:010",
		2048: "text:x",
		"0x10": "text:y",
	});
});

test("a directive does not change what off means", () => {
	expect(plain(tree("%YAML 1.1\n---\na: off\n"))).toEqual({ a: "text:off" });
});

test("keys and values know their place", () => {
	const node = tree("a:\n  b: [1, {c: 2}]\n");
	expect(at(node, "a", "b")).toBe("x.yaml:2:6");
	expect(node.kind === "map" && node.entries[0]?.keyAt).toEqual({
		file: "x.yaml",
		line: 1,
		col: 1,
	});
});

test("an alias is what it stands for, at the place of its anchor", () => {
	const node = tree("a: &x {b: 1}\nc: *x\n");
	expect(plain(node)).toEqual({ a: { b: "number:1" }, c: { b: "number:1" } });
	expect(at(node, "c", "b")).toBe("x.yaml:1:11");
});

test("bytes that are not UTF-8 are named by place", () => {
	expect(read(Buffer.from("a: é\n", "utf8")).problems).toEqual([]);
	const latin1 = Buffer.from("a: x\nb: caf\xe9 y\n", "latin1");
	expect(read(latin1).problems).toEqual([
		"x.yaml:2:7: expected UTF-8, got bytes that are not; save the file as UTF-8",
	]);
});

test.each(["[", "{", "- ", "? ", "{a: ", "a: [".repeat(2)])(
	"nesting %j beyond reason is refused",
	(opening) => {
		expect(read(opening.repeat(20_000)).problems).toHaveLength(1);
	},
);

test("aliases that multiply are refused", () => {
	const levels = Array.from({ length: 20 }, (_, i) => {
		const inner = i === 0 ? "x" : `*a${i - 1}`;
		return `a${i}: &a${i} [${Array(10).fill(inner).join(",")}]\n`;
	});
	expect(read(levels.join("")).problems).toEqual([
		expect.stringContaining("expected at most 50000 values"),
	]);
});

test("aliases that nest beyond reason are refused", () => {
	const nested = (inner: string) =>
		`${"[".repeat(30)}${inner}${"]".repeat(30)}`;
	const yaml = `a: &a ${nested("x")}\nb: ${nested("*a")}\n`;
	expect(read(yaml).problems).toEqual([expect.stringContaining("50 deep")]);
	expect(read(yaml.replace("*a", "x")).problems).toEqual([]);
});

test("a file beyond reason is refused", () => {
	expect(read(`# ${"x".repeat(1_000_000)}`).problems).toEqual([
		"x.yaml:1:1: expected at most 1000000 bytes, got 1000002",
	]);
});

test("garbage is a tree or exactly one problem", () => {
	const words = ["a", ":", " ", "\n", "-", "[", "]", "{", "}", ",", "&x", "*x"];
	const more = ["\t", "|", ">", "'", '"', "#", "!", "%", "@", "?", "~", "---"];
	const garbage = fc.oneof(
		fc.array(fc.constantFrom(...words, ...more)).map((each) => each.join("")),
		fc.string({ unit: "binary" }),
		fc.uint8Array(),
	);
	fc.assert(
		fc.property(garbage, (yaml) => {
			const { node, problems } = read(yaml);
			expect(problems).toHaveLength(node === undefined ? 1 : 0);
		}),
		{ numRuns: 2000 },
	);
});
