/** Runs rules over hosts, and leaves out what is excepted. */
import type { HostSpec } from "../model/hostSpec";
import type { Configuration } from "./configuration";
import { describedFindings } from "./ec2Inventory";
import type { Context, Finding, Rule } from "./rule";

/** A finding, of which rule, and how bad that is. */
export interface Judgement {
	readonly rule: string;
	readonly severity: "mandatory" | "advisory";
	readonly finding: Finding;
}

/**
 * Whether a host may break a rule today. Rules about exceptions themselves
 * cannot be broken.
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

/** What a rule finds in hosts, without what they may break today. */
export function findingsOf(
	rule: Rule,
	hosts: readonly HostSpec[],
	context: Context,
): readonly Finding[] {
	// Resources have no place for exceptions: their rules are set by level.
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
 * @param today the day on which exceptions must not have ended, as 2026-11-21.
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

/** The day it is, in UTC, as exceptions are written. */
export function dayOf(date: Date): string {
	return date.toISOString().slice(0, 10);
}
