/** Writes the table of rules into docs/policies.md: `npm run rules`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../policies/ruleRegistry";
import { rulesMarkdown } from "../../reports/lintFormats";

const path = join(__dirname, "../../docs/policies.md");

/** The page as it is, and as it is with the table of the current rules. */
export function rulesPage() {
	const current = readFileSync(path, "utf8");
	const table = /(<!-- rules -->\n).*(\n<!-- end -->)/s;
	const expected = current.replace(
		table,
		(_, start: string, end: string) => start + rulesMarkdown(rules) + end,
	);
	return { current, expected };
}

if (require.main === module) writeFileSync(path, rulesPage().expected);
