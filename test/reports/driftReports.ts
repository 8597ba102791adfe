/** Reports of any fleet, with texts that are out to break a format. */
import fc from "fast-check";
import { type DriftReport, driftReport } from "../../observe/drift/driftReport";
import type { Answer, Deviation, HostDrift } from "../../observe/drift/judge";

const hostile = fc.oneof(
	fc.string({ unit: "binary", maxLength: 30 }),
	fc.string({ unit: "grapheme", maxLength: 30 }),
	fc.constantFrom(
		"| a | b |",
		"\\|\\\\|",
		"`` ` ``",
		"</code><img src=x onerror=y>",
		"`|</code><img src=x onerror=y>*x* [a](b) &lt; <!--",
		"<!-- ",
		"]]>",
		"&amp;#60;",
		"http://evil.example www.evil.example @everyone #1 !1",
		"[x](javascript:y) ![z](http://evil.example)",
		"\n# head\n\n- list\n/close",
		"\u001b]0;x\u0007\u009b2J\u202e\ufffe\ud800",
		"%s%n$(reboot)",
	),
);

const answer: fc.Arbitrary<Answer> = fc.record({
	status: fc.constantFrom("value", "absent", "unreadable", "unsupported"),
	text: hostile,
	source: hostile,
});

const deviation: fc.Arbitrary<Deviation> = fc.record(
	{
		key: hostile,
		declared: hostile,
		live: answer,
		boot: answer,
		verdict: fc.constantFrom(
			"liveDrift",
			"bootDrift",
			"pendingReboot",
			"unsupported",
			"unreadable",
		),
		accepted: fc.boolean(),
	},
	{ requiredKeys: ["key", "declared", "verdict", "accepted"] },
);

const proof = { time: "2026-11-21T10:00:00.000Z", bootId: "b" };

const reached: fc.Arbitrary<HostDrift> = fc.record({
	name: hostile,
	login: hostile,
	status: fc.constantFrom("clean", "drift", "unknown"),
	bootId: hostile,
	settings: fc.nat(100),
	deviations: fc.array(deviation, { maxLength: 4 }),
	notes: fc.array(hostile, { maxLength: 2 }),
	proof: fc.constant(proof),
});

const lost: fc.Arbitrary<HostDrift> = fc.record({
	name: hostile,
	login: hostile,
	status: fc.constant("unreachable"),
	why: hostile,
	settings: fc.nat(100),
	deviations: fc.constant([]),
	notes: fc.constant([]),
});

/** Any report there can be, and many that should not. */
export const anyReport: fc.Arbitrary<DriftReport> = fc
	.tuple(
		fc.array(fc.oneof(reached, lost), { maxLength: 4 }),
		fc.oneof(fc.record({ stack: hostile }), fc.record({ inventory: hostile })),
	)
	.map(([hosts, judged]) => driftReport(judged, hosts, new Date(0)));

/** A fleet too large for any page, every text of it as long as can be. */
export function hugeReport(hosts: number): DriftReport {
	const long = "\u001b|\\`".repeat(5_000);
	const all = Array.from(
		{ length: hosts },
		(_, index): HostDrift => ({
			name: `h${index}`,
			login: long,
			status: "unknown",
			bootId: long,
			settings: 1,
			deviations: [
				{ key: long, declared: long, verdict: "unreadable", accepted: false },
			],
			notes: [long, long],
		}),
	);
	return driftReport({ stack: long }, all, new Date(0));
}
