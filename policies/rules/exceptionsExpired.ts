/** An exception ends after its last day. */
import type { HostRule } from "../rule";

export const exceptionsExpired: HostRule = {
	name: "exceptionsExpired",
	topic: "security",
	scope: "host",
	severity: "mandatory",
	demand: "No exception is past its last day",
	reason:
		"After its last day an exception has no effect, and the rule applies again",
	source: "docs/policies.md, Exceptions",
	judge: ({ name, exceptions }, { today }) =>
		Object.entries(exceptions ?? {})
			.filter(([, { until }]) => until < today)
			.map(([rule, { owner, until }]) => ({
				host: name,
				path: `exceptions.${rule}.until`,
				wrong: `ended on ${until}`,
				right: `${owner} must renew it, or remove it together with what it allows`,
			})),
};
