/** Laying one tree over another. */
import { mergeNodes } from "../../../inventory/yaml/node";
import { at, plain, tree } from "../trees";

const merge = (base: string, over: string) =>
	mergeNodes(tree(base, "base.yaml"), tree(over, "over.yaml"));

test("maps merge by key, everything else replaces", () => {
	const node = merge(
		"a: {b: 1, c: 2}\nl: [1, 2]\nm: {x: 1}\ns: 1",
		"a: {c: 3, d: 4}\nl: [3]\nm: 5\ns: {y: 1}",
	);
	expect(plain(node)).toEqual({
		a: { b: "number:1", c: "number:3", d: "number:4" },
		l: ["number:3"],
		m: "number:5",
		s: { y: "number:1" },
	});
});

test("every value keeps its file", () => {
	const node = merge("a: {b: 1}", "a:\n  c: 2");
	expect(at(node, "a", "b")).toBe("base.yaml:1:8");
	expect(at(node, "a", "c")).toBe("over.yaml:2:6");
});

test("null removes, a value forgotten does not", () => {
	expect(plain(merge("a: 1\nb: {c: 1}", "a: ~\nb: {c: null}"))).toEqual({
		b: {},
	});
	expect(plain(merge("a: 1", "a:"))).toEqual({ a: "nothing:" });
});

test("null with nothing to remove stays, for a decoder to refuse", () => {
	expect(plain(merge("a: 1", "b: ~"))).toEqual({ a: "number:1", b: "null:~" });
});
