/** From the engine's preview to a comment on a pull request. */

import { maker } from "../../model/version";
import type { LintReport } from "../../policies/lintReport";
import { reviewMarkdown, reviewOf } from "../../reports/pullRequest";

const clean: LintReport = { maker, hosts: 2, rules: 42, findings: [] };
const stack = "urn:pulumi:prod::metaltune::";
const chain = "metaltune:index:Fleet$metaltune:index:TunedHost$";

interface State {
	readonly [key: string]: string;
}

function hostStep(
	op: string,
	name: string,
	before: State | undefined,
	after: State | undefined,
	rules: State = {},
) {
	return {
		op,
		urn: `${stack}${chain}metaltune:index:HostState::${name}`,
		...(before && {
			oldState: { inputs: { settings: {} }, outputs: { settings: before } },
		}),
		...(after && { newState: { inputs: { settings: after, rules } } }),
	};
}

function other(op: string, type: string, name: string) {
	return { op, urn: `${stack}${chain}${type}::${name}` };
}

const preview = {
	steps: [
		{ op: "same", urn: `${stack}pulumi:pulumi:Stack::metaltune-prod` },
		hostStep(
			"update",
			"fx-1",
			{ "sysctl.a": "0", "sysctl.b": "1", "sysctl.c": "" },
			{
				"sysctl.a": "1",
				"sysctl.b": "1",
				"kernelCommandLine.isolcpus": "8-15",
			},
			{ "kernelCommandLine.isolcpus": "cpuSet reboot" },
		),
		hostStep("same", "fx-2", { "sysctl.a": "0" }, { "sysctl.a": "0" }),
		hostStep("create", "fx-3", undefined, { "sysctl.a": "1" }),
		hostStep("delete", "fx-4", { "sysctl.a": "1" }, undefined),
		other("update", "metaltune:index:HostReady", "fx-1"),
		other("update", "command:remote:Command", "fx-1-apply"),
		other("create", "aws:ec2/instance:Instance", "fx-5"),
	],
	diagnostics: [
		{ severity: "warning", message: "not this" },
		{ severity: "error", message: "error: preview failed\n" },
	],
};

test("old and new of every key that differs, and who reboots or leaves", () => {
	expect(reviewOf(preview)).toEqual({
		stack: "prod",
		keys: [
			{
				host: "fx-1",
				key: "kernelCommandLine.isolcpus",
				after: "8-15",
				needsReboot: true,
			},
			{
				host: "fx-1",
				key: "sysctl.a",
				before: "0",
				after: "1",
				needsReboot: false,
			},
			{ host: "fx-1", key: "sysctl.c", before: "", needsReboot: false },
			{ host: "fx-3", key: "sysctl.a", after: "1", needsReboot: false },
		],
		leaving: ["fx-4"],
		others: ["create aws:ec2/instance:Instance fx-5"],
		errors: ["error: preview failed"],
	});
});

test("0, empty and not there are three cells", () => {
	const text = reviewMarkdown(reviewOf(preview), clean);
	expect(text).toMatch(/^<!-- metaltune ci comment prod -->\n/);
	expect(text).toContain(
		"4 keys of 2 hosts, 1 to reboot, 1 leaving; **the preview failed**",
	);
	expect(text).toContain(
		"| `fx-1` | `kernelCommandLine.isolcpus` | not declared | `8-15` | reboot |",
	);
	expect(text).toContain("| `fx-1` | `sysctl.a` | `0` | `1` |  |");
	expect(text).toContain('| `fx-1` | `sysctl.c` | `""` | put back |  |');
	expect(text).toContain("- `fx-4`");
	expect(text).toContain("2 hosts, 42 rules: 0 findings, 0 advisories");
});

test("no value becomes markup, and the comment fits", () => {
	const hostile = "a|b `</td> @all <!-- x -->\n\u001b[31m";
	const settings = Object.fromEntries(
		Array.from({ length: 2000 }, (_, i) => [`files./f${i}`, hostile]),
	);
	const steps = [hostStep("create", "fx-1", undefined, settings)];
	const text = reviewMarkdown(reviewOf({ steps }), clean);
	expect(text.length).toBeLessThan(65_536);
	expect(text).toMatch(/\n\d+ more keys did not fit\./);
	for (const markup of ["@all", "</td>", "\u001b"]) {
		expect(text).not.toContain(markup);
	}
	expect(text.match(/<!--/g)).toHaveLength(1);
	const rows = text.split("\n").filter((line) => line.includes("/f1000"));
	for (const line of rows) expect(line.match(/\|/g)).toHaveLength(6);
});

test("without a preview the rules still say what they find", () => {
	expect(reviewMarkdown(undefined, clean)).toMatch(
		/^<!-- metaltune ci comment {2}-->[\s\S]*No preview[\s\S]*42 rules/,
	);
});

test("a stack that is known names the comment of a preview without steps", () => {
	const failed = reviewOf({ diagnostics: preview.diagnostics });
	expect(failed.stack).toBe("");
	for (const given of [failed, undefined]) {
		expect(reviewMarkdown(given, clean, "org/prod")).toMatch(
			/^<!-- metaltune ci comment org_prod -->\n\n### What changes of `org\/prod`\n/,
		);
	}
});

test.each([[[]], ["text"], [{ steps: {} }], [{ steps: ["x"] }]])(
	"%j is no preview",
	(json) => {
		expect(() => reviewOf(json)).toThrow(/expected a (?:map|list)/);
	},
);
