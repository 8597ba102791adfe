/** How strict rules are, as one file says it to Pulumi and to lint. */
import {
	ConfigurationError,
	configurationOf,
} from "../../policies/configuration";
import { judge } from "../../policies/judgeRules";
import { rules } from "../../policies/ruleRegistry";
import { hostsWith } from "./policyHosts";

const today = "2026-11-21";

function judged(json: unknown, change: object) {
	const configuration = configurationOf(rules, json);
	return judge(rules, hostsWith({ ...change }), { configuration, today }).map(
		({ rule, severity }) => `${rule} ${severity}`,
	);
}

const open = { tuning: { kernelCommandLine: { nosmt: true } } };
const both = ["nosmtParameter mandatory", "nosmtParameter mandatory"];

test.each([
	[{}, both],
	[{ nosmtParameter: "disabled" }, []],
	[{ nosmtParameter: "remediate" }, both],
	[{ all: "advisory" }, ["nosmtParameter advisory", "nosmtParameter advisory"]],
	[{ all: "disabled", nosmtParameter: "mandatory" }, both],
	[
		{ all: "disabled", nosmtParameter: { enforcementLevel: "mandatory" } },
		both,
	],
])("%j", (json, expected) => {
	expect(judged(json, open)).toEqual(expected);
});

test("an option moves the line", () => {
	const nodes = { "2M": { node0: 8192, node1: 30208 } };
	const tuning = { hugePages: nodes };
	expect(judged({ memoryFits: { reserveGiB: 5 } }, { tuning })).toEqual([]);
	expect(judged({ memoryFits: { reserveGiB: 6 } }, { tuning })).toEqual([
		"memoryFits mandatory",
		"memoryFits mandatory",
	]);
	const two = { housekeepingCpus: { minimumPerNode: 5 } };
	expect(judged(two, {})).toEqual([
		"housekeepingCpus mandatory",
		"housekeepingCpus mandatory",
	]);
});

test.each([
	[[], "expected a map from rules"],
	[
		{ bootCPU: "advisory" },
		"bootCPU: there is no such rule, did you mean bootCpu?",
	],
	[
		{ bootCpu: "warn" },
		'bootCpu: expected mandatory, remediate, advisory, disabled, got "warn"',
	],
	[
		{ memoryFits: { reserveGib: 1 } },
		"memoryFits.reserveGib: this option is not known",
	],
	[
		{ memoryFits: { reserveGiB: "1" } },
		'memoryFits.reserveGiB: expected a value like 2, got "1"',
	],
	[{ memoryFits: { reserveGiB: -1 } }, "got -1"],
	[{ ec2Tags: { required: [1] } }, "expected a value like"],
])("%j is refused", (json, message) => {
	expect(() => configurationOf(rules, json)).toThrow(ConfigurationError);
	expect(() => configurationOf(rules, json)).toThrow(message);
});

test("all problems are told at once", () => {
	expect(() => configurationOf(rules, { a: 1, b: 2 })).toThrow(/a: .*\nb: /);
});
