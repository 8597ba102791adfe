/** Runs rules on hosts and leaves out findings that an exception covers. */
import type { HostSpec } from "../model/hostSpec";
import type { Configuration } from "./configuration";
import { describedFindings } from "./ec2Inventory";
import type { Context, Finding, Rule } from "./rule";

/** A finding with its rule and level. */
export interface Judgement {
	readonly rule: string;
	readonly severity: "mandatory" | "advisory";
	readonly finding: Finding;
}

/**
 * Whether a host may break a rule today. Rules about exceptions allow no
 * exceptions.
 */
export function isExcepted(
	host: HostSpec | undefined,
	rule: string,
	today: string,
): boolean {
	const exceptions = host?.exceptions ?? {};
	if (rule.startsWith("exceptions")) return false;
	const exception = Object.hasOwn(exceptions, rule)
		? exceptions[rule]
		: undefined;
	return exception !== undefined && exception.until >= today;
}

/** Findings of a rule, without those that an exception covers today. */
export function findingsOf(
	rule: Rule,
	hosts: readonly HostSpec[],
	context: Context,
): readonly Finding[] {
	// Resources cannot record exceptions; the configuration sets their level.
	if (rule.scope === "resource") {
		return describedFindings(rule, hosts, context);
	}
	const found =
		rule.scope === "fleet"
			? rule.judge(hosts, context)
			: hosts.flatMap((host) => rule.judge(host, context));
	const byName = new Map(hosts.map((host) => [host.name, host]));
	return found.filter(
		({ host }) => !isExcepted(byName.get(host), rule.name, context.today),
	);
}

/**
 * Judges an inventory.
 *
 * @param today the current date, such as 2026-11-21; exceptions end by it.
 * @returns findings by rule, in the order of `rules`.
 */
export function judge(
	rules: readonly Rule[],
	hosts: readonly HostSpec[],
	{
		configuration,
		today,
	}: { readonly configuration: Configuration; readonly today: string },
): readonly Judgement[] {
	return rules.flatMap((rule) => {
		const applied = configuration.get(rule.name);
		if (applied === undefined || applied.severity === "disabled") return [];
		const { severity, options } = applied;
		return findingsOf(rule, hosts, { options, today }).map((finding) => ({
			rule: rule.name,
			severity,
			finding,
		}));
	});
}

/** A date in UTC, in the format of exceptions. */
export function dayOf(date: Date): string {
	return date.toISOString().slice(0, 10);
}
