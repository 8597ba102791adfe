/**
 * Decodes `exceptions`: rules that a host breaks on purpose. Each has an owner
 * and an end date, so that exceptions do not become permanent.
 */
import type { Exceptions } from "../../model/exceptions";
import { type Decoder, map, object, record } from "../decode/decoder";
import { text } from "../decode/scalars";

function isDate(value: string): boolean {
	const date = new Date(`${value}T00:00:00Z`);
	return (
		!Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === value
	);
}

const until = map(
	text({
		description: "The last day on which it holds, as YEAR-MONTH-DAY.",
		pattern: /^\d{4}-\d{2}-\d{2}$/,
		expected: "a date such as 2027-01-31",
	}),
	(value, fail) =>
		isDate(value)
			? value
			: fail(`expected a date of the calendar, got ${value}`),
);

const exception = object(
	{
		required: {
			owner: text({
				description: "Who answers for it: a person or a team.",
				pattern: /^\S.*$/,
				expected: "the person or team that answers for it",
			}),
			reason: text({
				description: "Why this host may break the rule.",
				pattern: /^\S.*$/,
				expected: "why this host may break the rule",
			}),
			until,
		},
	},
	"One rule that is broken on purpose.",
);

/** `exceptions` of a group, a machine or a profile, by the rule's name. */
export const exceptionsSection: Decoder<Exceptions> = record(
	text({
		description: "The name of a rule, as `metaltune lint` shows it.",
		pattern: /^[a-z][A-Za-z0-9]*$/,
		expected: "the name of a rule such as mitigations",
	}),
	exception,
	"Rules that are broken on purpose, until a date.",
);
