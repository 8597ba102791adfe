/** Findings with their places, as lint has them and as its formats show them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sections } from "../../applications/sections";
import { loadLocated } from "../../inventory/load";
import { maker } from "../../model/version";
import { configurationOf } from "../../policies/configuration";
import { lint } from "../../policies/lintReport";
import { rules } from "../../policies/ruleRegistry";
import {
	lintGithub,
	lintMarkdown,
	lintSummary,
	lintText,
	refusals,
} from "../../reports/lintFormats";
import { type Sections, writeInventory } from "./policyHosts";

function linted(
	change: Sections,
	machines: { readonly [name: string]: Sections } = {},
	config: unknown = {},
) {
	const directory = mkdtempSync(join(tmpdir(), "lint-"));
	try {
		const hosts = join(directory, "hosts");
		writeInventory(hosts, change, machines);
		return lint(rules, loadLocated(hosts, sections), {
			configuration: configurationOf(rules, config),
			today: "2026-11-21",
		});
	} finally {
		rmSync(directory, { recursive: true });
	}
}

const count = rules.length;
const nosmt = { tuning: { kernelCommandLine: { nosmt: true } } };

test("hosts that inherit one mistake are told together, at its place", () => {
	const report = linted(nosmt, { c: {}, d: {}, e: {} });
	expect(report.findings).toEqual([
		expect.objectContaining({
			file: "hosts/g.yaml",
			line: 1,
			rule: "nosmtParameter",
			severity: "mandatory",
			hosts: ["a", "b", "c", "d", "e"],
		}),
	]);
	const [line, summary] = lintText(report).split("\n");
	expect(line).toMatch(
		/^hosts\/g\.yaml:1:\d+: nosmtParameter: tuning\.kernelCommandLine\.nosmt: .* \(a, b, c and 2 more\)$/,
	);
	expect(summary).toBe(
		`5 hosts, ${count} rules: 1 finding, 0 advisories (${maker})`,
	);
});

test("a mistake of the profile is at its line there", () => {
	const { findings } = linted({
		topology: { nics: { eth0: { maxRing: 64 } } },
	});
	expect(
		findings.map(({ file, line, col, path }) => [file, line, col, path]),
	).toEqual([
		["hosts/profiles/base.yaml", 26, 15, "tuning.ethtool.eth0.rings.rx"],
		["hosts/profiles/base.yaml", 26, 25, "tuning.ethtool.eth0.rings.tx"],
	]);
});

test("a missing key is reported at the section that should have it", () => {
	const { findings } = linted({ tuning: { irqbalance: null } });
	expect(findings).toEqual([
		expect.objectContaining({
			path: "tuning.irqbalance",
			file: "hosts/g.yaml",
		}),
	]);
});

test("advisories refuse nothing", () => {
	const report = linted({ topology: null });
	expect(refusals(report)).toBe(0);
	expect(report.findings.length).toBeGreaterThan(0);
	expect(lintText(report)).toContain(": advisory topologyDeclared: topology: ");
	expect(lintGithub(report)).toMatch(/^::warning file=hosts\/g\.yaml,line=1,/);
});

test("a rule that is disabled is neither run nor counted", () => {
	const report = linted(nosmt, {}, { nosmtParameter: "disabled" });
	expect(lintSummary(report)).toBe(
		`2 hosts, ${count - 1} rules: 0 findings, 0 advisories (${maker})`,
	);
	expect(lintText(report)).toBe(lintSummary(report));
	expect(lintMarkdown(report)).toBe(`**${lintSummary(report)}**`);
});

test("no value of an inventory becomes a command or markup", () => {
	const owner = "sre::error|`<b>` @all 100%";
	const report = linted({
		exceptions: {
			mitigations: { owner, reason: "x%0Ay", until: "2027-01-01" },
		},
	});
	const [annotation = ""] = lintGithub(report).split("\n");
	expect(annotation).toContain("x%250Ay");
	expect(annotation).toContain("100%25");
	const [, , , finding = ""] = lintMarkdown(report).split("\n").slice(1);
	expect(finding).toContain("x%0Ay");
	expect(finding).not.toMatch(/<b>|@all/);
	expect(finding.match(/(?<!\\)\|/g)).toHaveLength(6);
	expect(lintText(report)).toContain("exceptions.mitigations:");
});
