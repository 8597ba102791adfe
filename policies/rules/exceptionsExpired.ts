/** An exception that nobody renews has ended. */
import type { HostRule } from "../rule";

export const exceptionsExpired: HostRule = {
	name: "exceptionsExpired",
	topic: "security",
	scope: "host",
	severity: "mandatory",
	demand: "no exception is past its date",
	reason:
		"an exception without an end is a rule that nobody has; after its last day the rule holds again",
	source: "docs/policies.md, Exceptions",
	judge: ({ name, exceptions }, { today }) =>
		Object.entries(exceptions ?? {})
			.filter(([, { until }]) => until < today)
			.map(([rule, { owner, until }]) => ({
				host: name,
				path: `exceptions.${rule}.until`,
				wrong: `ended on ${until}`,
				right: `${owner} has to renew it, or remove it and what it was for`,
			})),
};
