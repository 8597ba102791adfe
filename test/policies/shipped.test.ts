/** What this repository ships passes its own rules. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sections } from "../../applications/sections";
import { loadLocated } from "../../inventory/load";
import { configurationOf } from "../../policies/configuration";
import { dayOf } from "../../policies/judgeRules";
import { lint } from "../../policies/lintReport";
import { rules } from "../../policies/ruleRegistry";
import { lintText } from "../../reports/lintFormats";
import { rulesPage } from "./rulesPage";

const checkout = join(__dirname, "../..");

test("hosts/ has neither findings nor advisories", () => {
	const report = lint(rules, loadLocated(join(checkout, "hosts"), sections), {
		configuration: configurationOf(rules, {}),
		today: dayOf(new Date()),
	});
	expect(report.hosts).toBeGreaterThan(0);
	expect(lintText(report)).toMatch(/^\d+ hosts, \d+ rules: 0 findings, 0 adv/);
});

test("docs/policies.md has the current rules; `npm run rules` writes it", () => {
	const { current, expected } = rulesPage();
	expect(expected).toContain("<!-- rules -->\n### cpu");
	expect(current).toBe(expected);
});

test("a rule has the name of its file, and a reason in short sentences", () => {
	for (const { name, demand, reason, source } of rules) {
		const text = readFileSync(
			join(checkout, `policies/rules/${name}.ts`),
			"utf8",
		);
		expect(text).toMatch(/^\/\*\* [A-Za-z].*\. \*\/\n/);
		for (const part of [demand, reason, source]) {
			expect(part).toMatch(/^\S.*[^.\s]$/);
		}
		for (const sentence of `${demand}. ${reason}`.split(". ")) {
			expect([sentence, sentence.split(" ").length <= 25]).toEqual([
				sentence,
				true,
			]);
		}
	}
	expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
});
