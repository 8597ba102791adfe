/** Following `extends` over many files. */
import { extendedTree } from "../../inventory/extends";
import { formatProblem, type Problem } from "../../model/problem";
import { plain } from "./trees";

function reading(files: { readonly [path: string]: string }) {
	const reads: string[] = [];
	const problems: Problem[] = [];
	const treeOf = extendedTree({
		read: (path) => {
			reads.push(path);
			const text = files[path];
			if (text === undefined) {
				throw Object.assign(new Error("no such file"), { code: "ENOENT" });
			}
			return Buffer.from(text);
		},
		shown: (path) => path.slice(1),
		problems,
	});
	return { reads, treeOf, messages: () => problems.map(formatProblem) };
}

test("no file is read twice, however many extend it", () => {
	const layers = Array.from({ length: 30 }, (_, i) => i);
	const files = Object.fromEntries(
		layers.map((i) => [
			`/h/p${i}.yaml`,
			i === 0 ? "tuning: {smt: off}" : `extends: [p${i - 1}, p${i - 1}]`,
		]),
	);
	const { reads, treeOf, messages } = reading(files);
	const tree = treeOf("/h/p29.yaml");
	expect(tree && plain(tree.tree)).toEqual({ tuning: { smt: "text:off" } });
	expect(tree?.isPartial).toBe(false);
	expect(reads).toHaveLength(30);
	expect(messages()).toEqual([]);
});

test("a missing file is reported where it is first named, and the rest is read", () => {
	const { treeOf, messages } = reading({
		"/h/a.yaml": "extends: [x, y]\ntuning: {b: 2}",
		"/h/b.yaml": "extends: ./x",
		"/h/y.yaml": "tuning: {a: 1}",
	});
	const [a, b] = [treeOf("/h/a.yaml"), treeOf("/h/b.yaml")];
	expect([a?.isPartial, b?.isPartial]).toEqual([true, true]);
	expect(a && plain(a.tree)).toEqual({
		tuning: { a: "number:1", b: "number:2" },
	});
	expect(messages()).toEqual([
		"h/a.yaml:1:11: extends: expected a file that can be read at h/x.yaml, got ENOENT",
	]);
});

test("extends is relative to the file that says it", () => {
	const { treeOf } = reading({
		"/h/a.yaml": "extends: profiles/p",
		"/h/profiles/p.yaml": "extends: ../shared/q\ntuning: {a: 1}",
		"/h/shared/q.yaml": "tuning: {a: 0, b: 2}",
	});
	const tree = treeOf("/h/a.yaml");
	expect(tree && plain(tree.tree)).toEqual({
		tuning: { a: "number:1", b: "number:2" },
	});
});
