/** What the status of a fleet looks like, and which exit code it is. */
import {
	parseStatus,
	statusExitCode,
	statusText,
} from "../../reports/statusFormats";

const ready = {
	bootId: "0f1e2d3c-0000-4000-8000-000000000000",
	verdicts: { ok: 19 },
	pendingReboot: [],
	unsupported: {},
};
const waiting = {
	...ready,
	verdicts: { ok: 17, pendingReboot: 2 },
	pendingReboot: ["kernelCommandLine.isolcpus", "kernelCommandLine.nohz_full"],
};
const lacking = {
	...ready,
	verdicts: { ok: 18, unsupported: 1 },
	unsupported: { "sysctl.net.core.x": "no such key" },
};

test("hosts are in order of their names, with zeros where there is nothing", () => {
	expect(statusText({ "h-2": waiting, "h-1": ready })).toBe(`\
┌──────┬──────────┬────┬────────────────┬─────────────┐
│ host │ boot     │ ok │ pending reboot │ unsupported │
├──────┼──────────┼────┼────────────────┼─────────────┤
│ h-1  │ 0f1e2d3c │ 19 │ 0              │ 0           │
│ h-2  │ 0f1e2d3c │ 17 │ 2              │ 0           │
└──────┴──────────┴────┴────────────────┴─────────────┘
h-2: waits for a reboot: kernelCommandLine.isolcpus, kernelCommandLine.nohz_full`);
});

test("a setting that is not supported is named with its reason", () => {
	expect(statusText({ h: lacking })).toMatch(
		/│ 18 │ 0 {14}│ 1 {11}│\n.*\nh: sysctl\.net\.core\.x is not supported on this host: no such key$/,
	);
});

test.each([
	["nothing waits", { a: ready, b: ready }, 0],
	["there is no host", {}, 0],
	["a host waits for a reboot", { a: ready, b: waiting }, 2],
	["a key is not supported", { a: lacking }, 0],
])("exit code when %s", (_, fleet, code) => {
	expect(statusExitCode(fleet)).toBe(code);
});

test("a reason from state cannot write to the terminal", () => {
	const reason = "\u001b[2Jgone\u202etxt\r\n";
	const host = { ...lacking, unsupported: { "sysctl.a": reason } };
	const text = statusText({ "h\u001b]0;x": host });
	expect(text).toContain(
		"h\\u001b]0;x: sysctl.a is not supported on this host: \\u001b[2Jgone\\u202etxt\\u000d\\u000a",
	);
	for (const obeyed of ["\u001b", "\u202e", "\r"]) {
		expect(text).not.toContain(obeyed);
	}
});

test("pulumi's output is read without loss", () => {
	const fleet = { a: ready, b: waiting, c: lacking };
	expect(parseStatus(JSON.stringify(fleet))).toEqual(fleet);
});

test.each([
	["[]", "status: expected a map, got a list"],
	['{"a":null}', "status.a: expected a map, got nothing"],
	['{"a":"[secret]"}', "status.a: expected a map, got text"],
	[
		JSON.stringify({ a: { ...ready, bootId: 3 } }),
		"status.a.bootId: expected text, got a number",
	],
	[
		JSON.stringify({ a: { ...ready, verdicts: { fine: 1 } } }),
		"status.a.verdicts.fine: expected a count of ok,",
	],
	[
		JSON.stringify({ a: { ...ready, verdicts: { ok: "1" } } }),
		"status.a.verdicts.ok: expected a count of ok,",
	],
	[
		JSON.stringify({ a: { ...ready, pendingReboot: "x" } }),
		"status.a.pendingReboot: expected a list, got text",
	],
	[
		JSON.stringify({ a: { ...ready, pendingReboot: [1] } }),
		"status.a.pendingReboot[0]: expected text, got a number",
	],
	[
		JSON.stringify({ a: { ...ready, unsupported: { k: 1 } } }),
		"status.a.unsupported.k: expected text, got a number",
	],
])("state that is none is refused with its place: %s", (json, message) => {
	expect(() => parseStatus(json)).toThrow(message);
});
