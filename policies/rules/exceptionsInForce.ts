/** What is broken on purpose should be seen in every review. */
import type { HostRule } from "../rule";

/**
 * The rule itself.
 *
 * @param names of the rules that can be broken; the registry knows them.
 */
export function exceptionsInForce(names: readonly string[]): HostRule {
	return {
		name: "exceptionsInForce",
		topic: "security",
		scope: "host",
		severity: "advisory",
		demand: "exceptions that are in force are shown",
		reason:
			"nothing else would be said of them until the day on which they end",
		source: "docs/policies.md, Exceptions",
		judge: ({ name, exceptions }, { today }) =>
			Object.entries(exceptions ?? {})
				.filter(([rule, { until }]) => names.includes(rule) && until >= today)
				.map(([rule, { owner, reason, until }]) => ({
					host: name,
					path: `exceptions.${rule}`,
					wrong: `this rule may be broken until ${until}: ${reason}`,
					right: `${owner} answers for it`,
				})),
	};
}
