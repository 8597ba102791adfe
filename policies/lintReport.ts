/**
 * Judges an inventory as it is written: each finding has its file, line and
 * column. Hosts that inherit a mistake from the same place share a finding.
 */
import type { LocatedHost } from "../inventory/decodeGroup";
import { locationOf } from "../inventory/yaml/node";
import type { Location } from "../model/problem";
import { maker } from "../model/version";
import type { Configuration } from "./configuration";
import { judge } from "./judgeRules";
import type { Rule } from "./rule";

/** One mistake in one place, with all hosts that it affects. */
export interface LintFinding extends Location {
	readonly rule: string;
	readonly severity: "mandatory" | "advisory";
	readonly path: string;
	readonly wrong: string;
	readonly right: string;
	readonly hosts: readonly string[];
}

export interface LintReport {
	/** `metaltune` and its version. */
	readonly maker: string;
	/** How many hosts were judged. */
	readonly hosts: number;
	/** How many rules judged them. */
	readonly rules: number;
	/** By file, line and column. */
	readonly findings: readonly LintFinding[];
}

function inReadingOrder(a: LintFinding, b: LintFinding): number {
	return (
		Number(a.file > b.file) - Number(a.file < b.file) ||
		a.line - b.line ||
		a.col - b.col
	);
}

/**
 * Judges an inventory.
 *
 * @param today the current date, to which exceptions are compared.
 */
export function lint(
	rules: readonly Rule[],
	hosts: readonly LocatedHost[],
	judging: { readonly configuration: Configuration; readonly today: string },
): LintReport {
	const applied = rules.filter(
		({ name }) => judging.configuration.get(name)?.severity !== "disabled",
	);
	const trees = new Map(hosts.map((host) => [host.spec.name, host]));
	const specs = hosts.map(({ spec }) => spec);
	const byText = new Map<string, LintFinding>();
	for (const { rule, severity, finding } of judge(applied, specs, judging)) {
		const { host, path, wrong, right } = finding;
		const tree = trees.get(host);
		if (tree === undefined) {
			throw new Error(`${rule}: expected one of the hosts, got ${host}`);
		}
		const { file, line, col } = locationOf(tree.node, path, tree.at);
		const place = { file, line, col, rule, severity, path, wrong, right };
		const key = JSON.stringify(place);
		const others = byText.get(key)?.hosts ?? [];
		byText.set(key, { ...place, hosts: [...others, host] });
	}
	return {
		maker,
		hosts: hosts.length,
		rules: applied.length,
		findings: [...byText.values()].toSorted(inReadingOrder),
	};
}
