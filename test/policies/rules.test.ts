/** Every rule with what it refuses and what it lets pass. */
import type { HostSpec } from "../../model/hostSpec";
import { configurationOf } from "../../policies/configuration";
import { judge } from "../../policies/judge";
import { rules } from "../../policies/registry";
import { cpuCases, interruptCases, type RuleCase } from "./cases";
import { hostsWith } from "./hosts";
import {
	applicationCases,
	fleetCases,
	memoryCases,
	securityCases,
} from "./moreCases";

const today = "2026-11-21";
const configuration = configurationOf(rules, {});
const cases: readonly RuleCase[] = [
	...cpuCases,
	...interruptCases,
	...memoryCases,
	...applicationCases,
	...securityCases,
	...fleetCases,
];

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

test("nothing is found in the hosts that cases change", () => {
	expect(judged(hostsWith({}))).toEqual([]);
});

describe.each([...new Set(cases.map(({ rule }) => rule))])("%s", (name) => {
	test.each(cases.filter(({ rule }) => rule === name))(
		"$name",
		({ change = {}, machines, finds }) => {
			expect(pathsOf(hostsWith(change, machines), name)).toEqual(finds);
		},
	);
});

/** Rules that other means than a YAML file have to break. */
const beyondYaml: { readonly [rule: string]: readonly HostSpec[] } = {
	hostKeyPinned: broken({ hostKey: "" }),
	addressesUnique: broken({ host: "192.0.2.2" }),
};

/** The base's hosts at one address, each behind a hop. */
function behind(...hops: readonly string[]): readonly HostSpec[] {
	const user = { user: "ops", port: 22, hostKey: "" };
	return hostsWith({}).flatMap((host, index) => {
		const proxy = { ...user, host: hops[index] ?? "" };
		const reached = { host: "10.0.0.1", proxy };
		return host.aws === undefined
			? [{ ...host, connection: { ...host.connection, ...reached } }]
			: [];
	});
}

test.each([
	["one hop, in two spellings", ["hop", "HOP"], ["address"]],
	["a hop each", ["hop", "other"], []],
])("one address behind %s", (_, hops, finds) => {
	expect(pathsOf(behind(...hops), "addressesUnique")).toEqual(finds);
});

/** The base's hosts, the first with another connection. */
function broken(change: object): readonly HostSpec[] {
	return hostsWith({}).map((host, index) =>
		index === 0 && host.aws === undefined
			? { ...host, connection: { ...host.connection, ...change } }
			: host,
	);
}

describe("a rule that were missing would be missed", () => {
	const ofHosts = rules.filter(({ scope }) => scope !== "resource");
	test.each(ofHosts.map(({ name }) => name))("%s", (name) => {
		const other = rules.filter((rule) => rule.name !== name);
		const refused = cases
			.filter(({ rule, finds }) => rule === name && finds.length > 0)
			.map(({ change = {}, machines }) => hostsWith(change, machines));
		const all = [...refused, ...[beyondYaml[name] ?? []]];
		const onlyIt = all.filter(
			(hosts) => judged(hosts).length > 0 && judged(hosts, other).length === 0,
		);
		expect(onlyIt.length).toBeGreaterThan(0);
	});
});

test("a finding says host, place, what is wrong and what would be right", () => {
	for (const { change = {}, machines } of cases) {
		for (const { finding } of judged(hostsWith(change, machines))) {
			expect(finding.host).toMatch(/^[abc]$/);
			expect(finding.path).toMatch(/^[a-z]/);
			expect(finding.wrong).toMatch(/^\S.{4,}[^.;]$/);
			expect(finding.right).toMatch(/^\S.{4,}[^.;]$/);
		}
	}
});
