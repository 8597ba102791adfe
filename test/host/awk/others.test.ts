/** What a revert leaves to others, under every awk. */
import { testAwk } from "../../support/awk";

const tabs = (...fields: readonly string[]): string => fields.join("\t");
const row = (state: string, expected: string) =>
	tabs(
		"sysctl",
		"a.b",
		"bootDrift",
		"-",
		state,
		"live",
		expected,
		"-",
		"-",
		"exact",
	);
const own = tabs("own", "sysctl", "^/etc/own[.]conf:");
const fact = (status: string, text: string, source: string) =>
	tabs("fact", "sysctl", "a.b", "boot", status, text, source);

const cases: readonly (readonly [string, string, readonly string[]])[] = [
	[
		"a line of others",
		fact("value", "5", "/etc/zzz.conf:2"),
		[
			tabs(
				"others",
				"sysctl a.b: /etc/zzz.conf:2 sets 5 for the next boot; it is not metaltune's, and stays",
			),
			row("ok", "7"),
		],
	],
	[
		"a line of others that is gone",
		fact("absent", "", "sysctl.d"),
		[
			tabs(
				"others",
				"sysctl a.b: the line of others that set 7 for the next boot is gone",
			),
			row("ok", "7"),
		],
	],
	[
		"metaltune's own line is a failure",
		fact("value", "5", "/etc/own.conf:1"),
		[row("bad", "7")],
	],
	[
		"what could not be read is a failure",
		fact("unreadable", "denied", "sysctl.d"),
		[row("bad", "7")],
	],
];

for (const [title, line, answers] of cases) {
	testAwk(`host/verbs/left_to_others.awk: ${title}`, {
		program: "host/verbs/left_to_others.awk",
		separator: "\t",
		variables: { layer: "boot" },
		lines: [own, line, tabs("row", row("bad", "7"))],
		answers,
	});
}

testAwk("a tunable without a file of its own is judged as before", {
	program: "host/verbs/left_to_others.awk",
	separator: "\t",
	variables: { layer: "boot" },
	lines: [fact("value", "5", "/etc/zzz.conf:2"), tabs("row", row("bad", "7"))],
	answers: [row("bad", "7")],
});

const live = (state: string) =>
	tabs("limits", "a", "liveDrift", state, "-", "live", "7", "-", "-", "exact");
const liveFact = (source: string) =>
	tabs("fact", "limits", "a", "live", "value", "5", source);

for (const [title, source, answers] of [
	[
		"a login's limit that a line of others sets",
		"/etc/zzz.conf:2",
		[
			tabs(
				"others",
				"limits a: /etc/zzz.conf:2 sets 5; it is not metaltune's, and stays",
			),
			live("ok"),
		],
	],
	["a value of the kernel is no line of others", "/proc/x", [live("bad")]],
] as const) {
	testAwk(title, {
		program: "host/verbs/left_to_others.awk",
		separator: "\t",
		variables: { layer: "live" },
		lines: [
			tabs("own", "limits", "^/etc/own[.]conf:"),
			liveFact(source),
			tabs("row", live("bad")),
		],
		answers,
	});
}
