/** An exception for an unknown rule has no effect. */
import { suggestion } from "../../model/nearest";
import type { HostRule } from "../rule";

/**
 * Makes the rule.
 *
 * @param names of the rules that allow exceptions; the registry has them.
 */
export function exceptionsNamed(names: readonly string[]): HostRule {
	return {
		name: "exceptionsNamed",
		topic: "security",
		scope: "host",
		severity: "mandatory",
		demand: "Exceptions name rules that exist and allow exceptions",
		reason:
			"With a misspelled name the rule stays in force, although the inventory records an exception",
		source: "docs/policies.md, Exceptions",
		judge: ({ name, exceptions }) =>
			Object.keys(exceptions ?? {})
				.filter((rule) => !names.includes(rule))
				.map((rule) => ({
					host: name,
					path: `exceptions.${rule}`,
					wrong: `there is no rule ${rule} that allows exceptions${suggestion(rule, names)}`,
					right:
						"name a rule from `metaltune lint --rules` that is not about EC2 resources",
				})),
	};
}
