/** The shipped groups of EC2 instances: they decode, and no rule refuses them. */
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { sections } from "../../applications/sections";
import { loadInventory } from "../../inventory/load";
import { configurationOf } from "../../policies/configuration";
import { dayOf, judge } from "../../policies/judgeRules";
import { findingText } from "../../policies/rule";
import { rules } from "../../policies/ruleRegistry";

const specs = loadInventory(join(__dirname, "../../hosts/ec2"), sections);

test("there is a group for the system of every guide", () => {
	expect([...new Set(specs.map(({ group }) => group))].toSorted()).toEqual([
		"alphapulse",
		"fx-store",
		"raven",
		"ruvector",
		"solana-mev",
	]);
	expect(specs.filter(({ aws }) => aws === undefined)).toEqual([]);
});

test("no rule has anything against them", () => {
	const found = judge(rules, specs, {
		configuration: configurationOf(rules, {}),
		today: dayOf(new Date()),
	});
	expect(
		found.map(({ rule, finding }) => `${rule}: ${findingText(finding)}`),
	).toEqual([]);
});

test("the interface that carries SSH is not tuned", () => {
	for (const { settings, name } of specs) {
		const touched = settings.filter(({ key }) => key.startsWith("ens5"));
		expect([name, touched]).toEqual([name, []]);
	}
});
