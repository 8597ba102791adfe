/** Every rule with what it refuses and what it lets pass. */
import type { HostSpec } from "../../model/hostSpec";
import { configurationOf } from "../../policies/configuration";
import { judge } from "../../policies/judgeRules";
import { rules } from "../../policies/ruleRegistry";
import { allCases } from "./allCases";
import { hostsWith } from "./policyHosts";

const today = "2026-11-21";
const configuration = configurationOf(rules, {});

function judged(hosts: readonly HostSpec[], judging = rules) {
	return judge(judging, hosts, { configuration, today });
}

/** Paths that a rule finds in the first host that it finds something in. */
function pathsOf(hosts: readonly HostSpec[], name: string): readonly string[] {
	const found = judged(hosts).filter(({ rule }) => rule === name);
	const [first] = found;
	return found
		.filter(({ finding }) => finding.host === first?.finding.host)
		.map(({ finding }) => finding.path);
}

test("the hosts that cases change have no finding", () => {
	expect(judged(hostsWith({}))).toEqual([]);
});

describe.each([...new Set(allCases.map(({ rule }) => rule))])("%s", (name) => {
	test.each(allCases.filter(({ rule }) => rule === name))(
		"$name",
		({ hosts, finds }) => {
			expect(pathsOf(hosts(), name)).toEqual(finds);
		},
	);
});

describe("some case is found by no other rule", () => {
	const ofHosts = rules.filter(({ scope }) => scope !== "resource");
	test.each(ofHosts.map(({ name }) => name))("%s", (name) => {
		const other = rules.filter((rule) => rule.name !== name);
		const onlyIt = allCases
			.filter(({ rule, finds }) => rule === name && finds.length > 0)
			.map(({ hosts }) => hosts())
			.filter(
				(hosts) =>
					judged(hosts).length > 0 && judged(hosts, other).length === 0,
			);
		expect(onlyIt.length).toBeGreaterThan(0);
	});
});

test("a finding names host and place, says what is wrong and what to do", () => {
	for (const { hosts } of allCases) {
		for (const { finding } of judged(hosts())) {
			expect(finding.host).toMatch(/^[abc]$/);
			expect(finding.path).toMatch(/^[a-z]/);
			expect(finding.wrong).toMatch(/^\S.{4,}[^.;]$/);
			expect(finding.right).toMatch(/^\S.{4,}[^.;]$/);
		}
	}
});
