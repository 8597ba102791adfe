/** Rules about EC2 resources, and what each would make of them. */
import { configurationOf } from "../../policies/configuration";
import { rules } from "../../policies/ruleRegistry";
import { cloudCases, goodInstance } from "./cloudCases";

const today = "2026-11-21";
const configuration = configurationOf(rules, {});

const cloudRules = rules.flatMap((rule) =>
	rule.scope === "resource" ? [rule] : [],
);

function found(type: string, props: object, judging = cloudRules) {
	const resource = { type, name: "r", props: { ...props } };
	return judging
		.filter(({ types }) => types.includes(type))
		.flatMap((rule) => {
			const options = configuration.get(rule.name)?.options ?? {};
			return rule
				.judge(resource, { today, options })
				.map(({ host, path }) => [rule.name, host, path]);
		});
}

test("the instance that cases change has no finding", () => {
	expect(found("aws:ec2/instance:Instance", goodInstance)).toEqual([]);
});

test.each(cloudCases)("$rule: $name", ({ rule, type, props, finds }) => {
	expect(found(type, props)).toEqual(finds.map((path) => [rule, "r", path]));
});

test.each(cloudRules.map(({ name }) => name))(
	"%s would be missed if it were missing",
	(name) => {
		const others = cloudRules.filter((rule) => rule.name !== name);
		const onlyIt = cloudCases.filter(
			({ type, props }) =>
				found(type, props).length > 0 &&
				found(type, props, others).length === 0,
		);
		expect(onlyIt.length).toBeGreaterThan(0);
	},
);

const remedied = cloudCases.filter(
	({ rule, finds }) =>
		finds.length > 0 &&
		cloudRules.some(({ name, remedy }) => name === rule && remedy),
);

test.each(remedied)("a remedy leaves nothing of: $name", (each) => {
	const rule = cloudRules.find(({ name }) => name === each.rule);
	const props = rule?.remedy?.({ ...each, name: "r" }) ?? {};
	expect(found(each.type, props)).toEqual([]);
	expect(Object.keys(props)).toEqual(
		expect.arrayContaining(Object.keys(each.props)),
	);
});

test("the metadata service and encryption can be remediated", () => {
	const names = new Set(remedied.map(({ rule }) => rule));
	expect([...names].toSorted()).toEqual(["ec2Encrypted", "ec2ImdsV2"]);
});
