/**
 * The wording of every finding, in one file: __snapshots__. Other tests assert
 * rule and place only. After a change of a sentence, read the difference and
 * run `npx jest test/policies/wordings -u`.
 */
import { configurationOf } from "../../policies/configuration";
import { findingsOf } from "../../policies/judgeRules";
import { findingText } from "../../policies/rule";
import { rules } from "../../policies/ruleRegistry";
import { allCases } from "./allCases";
import { cloudCases } from "./cloudCases";

const today = "2026-11-21";
const configuration = configurationOf(rules, {});

test.each(rules)("$name", (rule) => {
	const options = configuration.get(rule.name)?.options ?? {};
	const context = { options, today };
	const ofHosts = allCases
		.filter((each) => each.rule === rule.name)
		.map(({ hosts }) => findingsOf(rule, hosts(), context))
		// Other hosts of a case have the same findings.
		.flatMap((found) => found.filter(({ host }) => host === found[0]?.host));
	const ofResources = cloudCases.flatMap(({ type, props }) =>
		rule.scope === "resource" && rule.types.includes(type)
			? rule.judge({ type, name: "r", props }, context)
			: [],
	);
	const texts = [...ofHosts, ...ofResources].map(findingText);
	expect(texts).not.toEqual([]);
	expect([...new Set(texts)].join("\n")).toMatchSnapshot();
});
