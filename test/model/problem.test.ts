/** How problems are worded and collected. */
import {
	formatProblem,
	InventoryError,
	type Problem,
	problemSink,
	quoted,
} from "../../model/problem";

const at = { file: "hosts/x.yaml", line: 14, col: 9 };

test("a problem says where, which key and what", () => {
	const problems: Problem[] = [];
	problemSink(problems)
		.within("tuning")
		.within("hugePages")
		.within("2M")
		.report(at, 'expected a whole number of pages, got "8k"');
	expect(problems.map(formatProblem)).toEqual([
		'hosts/x.yaml:14:9: tuning.hugePages.2M: expected a whole number of pages, got "8k"',
	]);
});

test("items of lists have a number, the whole file has no path", () => {
	const problems: Problem[] = [];
	problemSink(problems).report(at, "a");
	problemSink(problems, "mounts").within("[0]").within("path").report(at, "b");
	expect(problems.map(({ path }) => path)).toEqual(["", "mounts[0].path"]);
	expect(formatProblem({ ...at, path: "", message: "a" })).toBe(
		"hosts/x.yaml:14:9: a",
	);
});

test("the error has one line per problem", () => {
	const error = new InventoryError([
		{ ...at, path: "a", message: "one" },
		{ ...at, path: "b", message: "two" },
	]);
	expect(error.message).toBe(
		"hosts/x.yaml:14:9: a: one\nhosts/x.yaml:14:9: b: two",
	);
	expect(error.problems).toHaveLength(2);
});

test("values of an inventory cannot control a terminal", () => {
	const message = formatProblem({
		...at,
		path: "a\u001b[2J",
		message: "\u009b\n",
	});
	expect(message).toBe("hosts/x.yaml:14:9: a\\u001b[2J: \\u009b\\u000a");
	expect(quoted("\u202ex\u0000")).toBe('"\\u202ex\\u0000"');
});

test("long texts are cut", () => {
	expect(quoted("x".repeat(1000))).toBe(`"${"x".repeat(60)}..."`);
});
