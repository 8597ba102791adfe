/** Every format of the drift report says what it has to, whatever is in it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import fc from "fast-check";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import MarkdownIt from "markdown-it";
import { isPrintable, printable } from "../../../model/printable";
import {
	driftExitCode,
	driftReport,
	proofText,
	summaryText,
} from "../../../observe/drift/driftReport";
import type { HostDrift } from "../../../observe/drift/judge";
import { driftJunit } from "../../../reports/driftJunit";
import { driftMarkdown, longestIssue } from "../../../reports/driftMarkdown";
import { driftText } from "../../../reports/driftText";
import { printableJson } from "../../../reports/json";
import { anyReport, hugeReport } from "../../reports/driftReports";

const host = (status: HostDrift["status"]): HostDrift => ({
	name: "h",
	login: "root@h:22",
	status,
	settings: 3,
	deviations: [],
	notes: [],
});

test.each([
	[[], "clean", 0],
	[["clean"], "clean", 0],
	[["clean", "drift"], "drift", 2],
	[["drift", "unknown"], "unknown", 1],
	[["unreachable", "drift"], "unknown", 1],
] as const)(
	"hosts that are %j make a fleet that is %s",
	(statuses, result, code) => {
		const report = driftReport({ stack: "s" }, statuses.map(host), new Date(0));
		expect(report.result).toBe(result);
		expect(driftExitCode(report)).toBe(code);
	},
);

test("the summary counts every status there is, and no other", () => {
	const hosts = (["clean", "clean", "unreachable"] as const).map(host);
	const report = driftReport({ stack: "s" }, hosts, new Date(0));
	expect(summaryText(report)).toBe("3 hosts: 2 clean, 1 unreachable");
});

test("since when is said with the commit where it is known", () => {
	const proof = { time: "T", bootId: "b" };
	const deviations = [
		{ key: "k", declared: "1", verdict: "liveDrift", accepted: false },
	] as const;
	expect(proofText({ ...host("drift"), proof, deviations })).toBe(
		"was last proved at T; what deviates did so since",
	);
	const commit = { ...proof, commit: "abc" };
	expect(proofText({ ...host("drift"), proof: commit, deviations })).toContain(
		"at T (commit abc);",
	);
	expect(proofText({ ...host("clean"), proof })).toBe("");
});

test("JSON is as its schema says, and read back unchanged", () => {
	const path = join(__dirname, "../../../docs/drift.schema.json");
	const validate = new Ajv({ strict: true, strictRequired: false }).compile(
		JSON.parse(readFileSync(path, "utf8")),
	);
	fc.assert(
		fc.property(anyReport, (report) => {
			const read = JSON.parse(printableJson(report));
			expect(read).toEqual(report);
			validate(read);
			expect(validate.errors ?? []).toEqual([]);
		}),
	);
});

function isSafe(text: string): void {
	expect(text.split("\n").filter((line) => !isPrintable(line))).toEqual([]);
}

test("the table never holds what a terminal obeys", () => {
	fc.assert(fc.property(anyReport, (report) => isSafe(driftText(report))));
});

interface Suite {
	readonly name: string;
	readonly tests: string;
	readonly failures: string;
	readonly errors: string;
	readonly skipped: string;
	readonly testcase: readonly { readonly [name: string]: unknown }[];
}

const xml = new XMLParser({
	ignoreAttributes: false,
	attributeNamePrefix: "",
	parseTagValue: false,
	trimValues: false,
	isArray: (name) => ["testsuite", "testcase"].includes(name),
});

test("JUnit is well-formed, a case per key, and its counts are true", () => {
	fc.assert(
		fc.property(anyReport, (report) => {
			const text = driftJunit(report);
			isSafe(text);
			expect(XMLValidator.validate(text)).toBe(true);
			const suites: readonly Suite[] =
				xml.parse(text).testsuites.testsuite ?? [];
			expect(suites.length).toBe(report.hosts.length);
			for (const [index, suite] of suites.entries()) {
				const count = (outcome: string) =>
					suite.testcase.filter((each) => outcome in each).length;
				const deviations = report.hosts[index]?.deviations ?? [];
				expect(suite.name).toBe(printable(report.hosts[index]?.name ?? "?"));
				expect(suite.testcase.length).toBe(deviations.length + 1);
				expect(Number(suite.tests)).toBe(suite.testcase.length);
				expect(Number(suite.failures)).toBe(count("failure"));
				expect(Number(suite.errors)).toBe(count("error"));
				expect(Number(suite.skipped)).toBe(count("skipped"));
				const accepted = deviations.filter((each) => each.accepted);
				expect(count("skipped")).toBe(accepted.length);
			}
		}),
	);
});

const markdown = new MarkdownIt({ html: true, linkify: true });

/** Elements that a site would make of a Markdown text, by name. */
function elementsOf(text: string): readonly string[] {
	const html = markdown.render(text);
	return [...html.matchAll(/<(\/?[a-z0-9!]+)[^>]*>/gi)].map(
		([, name]) => name ?? "",
	);
}

test("Markdown holds no element, link or cell that a value brought", () => {
	const ours = /^\/?(?:table|thead|tbody|tr|th|td|p|strong|ul|li|code)$/;
	fc.assert(
		fc.property(anyReport, (report) => {
			const text = driftMarkdown(report);
			isSafe(text);
			const elements = elementsOf(text);
			expect(elements.filter((name) => !ours.test(name))).toEqual([]);
			const cells = [...markdown.render(text).matchAll(/<td>(.*?)<\/td>/g)];
			const foreign = cells.filter(
				([, cell = ""], index) =>
					index % 6 < 5 && !/^<code>[^<]+<\/code>$/.test(cell),
			);
			expect(foreign).toEqual([]);
			const count = (name: string) =>
				elements.filter((each) => each === name).length;
			const deviations = report.hosts.flatMap((each) => each.deviations);
			expect(count("td")).toBe(deviations.length * 6);
			expect(count("tr")).toBe(
				deviations.length === 0 ? 0 : deviations.length + 1,
			);
		}),
		{ numRuns: 500 },
	);
});

test.each([1, 30, 3000])("Markdown of %d hosts fits an issue", (hosts) => {
	const report = hugeReport(hosts);
	const text = driftMarkdown(report);
	expect(text.length).toBeLessThanOrEqual(longestIssue);
	expect(Buffer.byteLength(text)).toBeLessThanOrEqual(longestIssue);
	const shown = [...text.matchAll(/^\| `h\d+` \|/gm)].length;
	expect(shown).toBeGreaterThan(0);
	const left = /^(\d+) more keys did not fit/m.exec(text)?.[1];
	expect(shown + Number(left ?? 0)).toBe(hosts);
});
