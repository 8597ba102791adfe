/** What this repository ships passes its own rules. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sections } from "../../applications/sections";
import { loadLocated } from "../../inventory/load";
import { configurationOf } from "../../policies/configuration";
import { dayOf } from "../../policies/judge";
import { lint } from "../../policies/lint";
import { rules } from "../../policies/registry";
import { lintText, rulesMarkdown } from "../../reports/lint";

const checkout = join(__dirname, "../..");

test("hosts/ has neither findings nor advisories", () => {
	const report = lint(rules, loadLocated(join(checkout, "hosts"), sections), {
		configuration: configurationOf(rules, {}),
		today: dayOf(new Date()),
	});
	expect(report.hosts).toBeGreaterThan(0);
	expect(lintText(report)).toMatch(/^\d+ hosts, \d+ rules: 0 findings, 0 adv/);
});

test("docs/policies.md has the rules as they are", () => {
	const page = readFileSync(join(checkout, "docs/policies.md"), "utf8");
	const [, table = ""] = page.split(/<!-- (?:rules|end) -->\n/);
	// `bin/metaltune lint --rules --format markdown` prints it.
	expect(table.trim()).toBe(rulesMarkdown(rules));
});

test("a rule is a file of its own name, and says all there is to say", () => {
	for (const { name, demand, reason, source } of rules) {
		const text = readFileSync(
			join(checkout, `policies/rules/${name}.ts`),
			"utf8",
		);
		expect(text).toMatch(/^\/\*\* [A-Z].*[.?] \*\/\n/);
		for (const sentence of [demand, reason, source]) {
			expect(sentence).toMatch(/^\S.*[^.\s]$/);
		}
	}
	expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
});
