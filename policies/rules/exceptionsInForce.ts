/** Every review shows the exceptions that are in force. */
import type { HostRule } from "../rule";

/**
 * Makes the rule.
 *
 * @param names of the rules that allow exceptions; the registry has them.
 */
export function exceptionsInForce(names: readonly string[]): HostRule {
	return {
		name: "exceptionsInForce",
		topic: "security",
		scope: "host",
		severity: "advisory",
		demand: "Exceptions that are in force are shown",
		reason:
			"Without this rule, a review would not show an exception before it ends",
		source: "docs/policies.md, Exceptions",
		judge: ({ name, exceptions }, { today }) =>
			Object.entries(exceptions ?? {})
				.filter(([rule, { until }]) => names.includes(rule) && until >= today)
				.map(([rule, { owner, reason, until }]) => ({
					host: name,
					path: `exceptions.${rule}`,
					wrong: `allows breaking this rule until ${until}: ${reason}`,
					right: `${owner} is responsible for it`,
				})),
	};
}
