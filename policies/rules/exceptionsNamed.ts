/** An exception to a rule that does not exist excuses nothing. */
import { suggestion } from "../../model/nearest";
import type { HostRule } from "../rule";

/**
 * The rule itself.
 *
 * @param names of the rules that can be broken; the registry knows them.
 */
export function exceptionsNamed(names: readonly string[]): HostRule {
	return {
		name: "exceptionsNamed",
		topic: "security",
		scope: "host",
		severity: "mandatory",
		demand: "exceptions name rules that exist and can be broken",
		reason:
			"a slip in the name leaves the rule in force, and the record of a decision that was never made",
		source: "docs/policies.md, Exceptions",
		judge: ({ name, exceptions }) =>
			Object.keys(exceptions ?? {})
				.filter((rule) => !names.includes(rule))
				.map((rule) => ({
					host: name,
					path: `exceptions.${rule}`,
					wrong: `there is no rule ${rule} to except${suggestion(rule, names)}`,
					right:
						"`metaltune lint --rules` names them all, and those about EC2 have no exceptions",
				})),
	};
}
