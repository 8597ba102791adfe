/** A report of another version is read, or refused with both versions named. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseReport, protocol, ReportError } from "../../host/protocol";
import { version } from "../../model/version";

function report(spoken: string, ...lines: readonly string[]): string {
	const head = [`metaltune\t${spoken}`, "version\t9.9.9", "program\tP"];
	return [...head, "boot\tB", "settings\t-", ...lines, "end\t0", ""].join("\n");
}

function refusal(text: string): string {
	try {
		parseReport(text);
	} catch (error) {
		if (error instanceof ReportError) return error.message;
	}
	throw new Error("expected a ReportError");
}

test("another version with the same protocol is read", () => {
	expect(parseReport(report(protocol))).toMatchObject({ version: "9.9.9" });
});

test.each([
	["a line", report(protocol, "colour\tred"), "line 6", protocol],
	[
		"a status",
		report(protocol, "fact\ta\tb\tlive\tmaybe\t1\ts"),
		"line 6",
		protocol,
	],
	[
		"a layer",
		report(protocol, "fact\ta\tb\thalf\tvalue\t1\ts"),
		"line 6",
		protocol,
	],
	[
		"a match",
		report(protocol, "setting\ta\tb\tlike\t1\tlive"),
		"line 6",
		protocol,
	],
	[
		"a kind of provisional change",
		report(protocol, "provisional\tboth\tnow\t-\ta.b\t-"),
		"line 6",
		protocol,
	],
	["the protocol", report("3"), "line 1", "3"],
])("%s that is unknown names both versions", (_what, text, place, spoken) => {
	const message = refusal(text);
	expect(message).toContain(place);
	expect(message).toContain(`9.9.9 (protocol ${spoken})`);
	expect(message).toContain(`metaltune ${version} (protocol ${protocol})`);
	expect(message).toContain("pulumi up");
});

test("a text that is no report is not attributed to a version", () => {
	expect(refusal("Welcome to host 7\n")).not.toContain("(protocol");
});

test("the policy pack has the version of the package", () => {
	const path = join(__dirname, "../../policies/package.json");
	expect(JSON.parse(readFileSync(path, "utf8")).version).toBe(version);
});
