/** The formats that reports have, and what becomes of one that is not there. */
import {
	formatOfFile,
	formatsOf,
	type Renderers,
	rendered,
} from "../../reports/formats";

const renderers = {
	text: (report: string, columns?: number) => `${report} ${columns}`,
	junit: (report: string) => `<${report}/>`,
	github: (report: string) => `::${report}`,
} as const satisfies Renderers<string>;

test("a report offers what it has, in one order", () => {
	expect(formatsOf({ junit: 1, github: 1, text: 1 })).toEqual([
		"text",
		"junit",
		"github",
	]);
});

test("it is made in the format that is asked for, as wide as the terminal", () => {
	expect(rendered(renderers, "text", "r", 80)).toBe("r 80");
	expect(rendered(renderers, "junit", "r")).toBe("<r/>");
});

test("a format that it does not have is refused with the list", () => {
	expect(() => rendered(renderers, "json", "r")).toThrow(
		"--format: this report has no json; use text, junit, github",
	);
});

test.each([
	["a.txt", "text"],
	["b/c.xml", "junit"],
	["a.json", undefined],
	["github", undefined],
])("the format of the file %s is %s", (path, format) => {
	expect(formatOfFile(path, renderers)).toBe(format);
});
