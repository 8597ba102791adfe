/** Machines whose nodes or cores are not all alike. */
import { expect, test } from "@jest/globals";
import { configurationOf } from "../../policies/configuration";
import { firstThreads } from "../../policies/cpus";
import { judge } from "../../policies/judgeRules";
import { rules } from "../../policies/ruleRegistry";
import { caseSpecs } from "../support/caseHost";

/** Paths that rules about CPUs and nodes find, by rule. */
function findings(name: string): readonly string[] {
	const configuration = configurationOf(rules, {});
	const judged = judge(rules, caseSpecs(name), {
		configuration,
		today: "2026-11-21",
	});
	const about = rules
		.filter(({ topic }) => topic === "cpu" || topic === "memory")
		.map((rule) => rule.name);
	return judged
		.filter(({ rule }) => about.includes(rule))
		.map(({ rule, finding }) => `${rule} ${finding.path}`);
}

test("topology-cpuless-node: huge pages of a node without CPUs are checked", () => {
	const [host] = caseSpecs("topology-cpuless-node");
	expect(host?.topology?.numaNodes.map(({ cpus }) => cpus)).toEqual([
		"0-39,80-119",
		"40-79,120-159",
		"",
		"",
	]);
	const about = findings("topology-cpuless-node");
	expect(about.filter((each) => /memoryFits|nodesExist/.test(each))).toEqual(
		[],
	);
});

test("topology-cxl-node: its CPUs cannot be bound, nor its memory exceeded", () => {
	const about = findings("topology-cxl-node");
	expect(about.filter((each) => /memoryFits|nodesExist/.test(each))).toEqual([
		"nodesExist applications.cache.numactl.cpunodebind",
		"memoryFits tuning.hugePages.2M",
	]);
});

test("topology-hybrid: cores of one and of two threads", () => {
	const [host] = caseSpecs("topology-hybrid");
	expect(findings("topology-hybrid").join("\n")).not.toMatch(
		/isolatedSiblings|cpusExist|smtNumbering/,
	);
	expect(host?.topology && firstThreads(host.topology)).toBe(
		"0,2,4,6,8,10,12,14,16-23",
	);
});
