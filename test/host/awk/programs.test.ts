/** Awk programs of host/lib and host/verbs alone, under every awk. */
import { testAwk } from "../../support/awk";

const tab = "\t";
const us = "\x1f";
const tabs = (...fields: readonly string[]): string => fields.join(tab);

testAwk("sizes: a content of an earlier version becomes its size", {
	program: "host/lib/sizes.awk",
	separator: tab,
	variables: { OFS: tab },
	lines: [
		tabs("files", "/etc/a", "sha256:ab aGVsbG8="),
		tabs("files", "/etc/b", "sha256:ab 5"),
	],
	answers: [
		tabs("files", "/etc/a", "sha256:ab 5"),
		tabs("files", "/etc/b", "sha256:ab 5"),
	],
});

testAwk("refuse_cpus: names CPUs beyond those of the host", {
	program: "host/lib/refuse_cpus.awk",
	separator: us,
	variables: { us, possible: "0-15" },
	lines: [
		...["a", "b", "c", "d"].map((key, index) =>
			[key, "value", ["0-15", "16", "8-9000", "none"][index]].join(us),
		),
	],
	answers: ["16", "8-9000"].map((cpus, index) =>
		[
			["b", "c"][index],
			`expected CPUs of 0-15, which are all that this host can have, got ${cpus}`,
		].join(us),
	),
});

testAwk(
	"baseline_with_facts: adds keys that are not known, with what was read",
	{
		program: "host/verbs/with_baseline.awk",
		separator: tab,
		variables: { OFS: tab, units: " memory " },
		lines: [
			tabs("sysctl", "a", "live", "value", "1"),
			tabs("fact", "sysctl", "a", "live", "value", "2", "-"),
			tabs("fact", "sysctl", "b", "live", "value", "3", "-"),
			tabs("fact", "sysctl", "c", "live", "unreadable", "x", "-"),
			tabs("fact", "memory", "d", "boot", "value", "4", "-"),
		],
		answers: [
			tabs("sysctl", "a", "live", "value", "1"),
			tabs("sysctl", "b", "live", "value", "3"),
		],
	},
);

testAwk("dropped: what the baseline knows and no setting declares", {
	program: "host/verbs/dropped.awk",
	separator: tab,
	variables: { known: " sysctl " },
	lines: [
		tabs("setting", "sysctl", "a", "exact", "1", "live"),
		tabs("sysctl", "a", "live", "value", "0"),
		tabs("sysctl", "b", "live", "value", "0"),
		tabs("flux", "c", "live", "value", "0"),
	],
	answers: [tabs("sysctl", "b", "live", "value", "0")],
});

testAwk("baseline_never_lower: a minimum is not below what the host had", {
	program: "host/verbs/never_lower.awk",
	separator: tab,
	variables: { OFS: tab },
	lines: [
		tabs("baseline", "sysctl", "a", "live", "value", "4294967296"),
		tabs("sysctl", "a", "atLeast", "4294967295", "live"),
		tabs("sysctl", "b", "atLeast", "7", "live"),
	],
	answers: [
		tabs("sysctl", "a", "atLeast", "4294967296", "live"),
		tabs("sysctl", "b", "atLeast", "7", "live"),
	],
});

testAwk("settings_problems: every wrong line is named", {
	program: "host/verbs/settings_problems.awk",
	separator: tab,
	variables: { known: " sysctl ", verb: "apply" },
	lines: [
		tabs("sysctl", "a", "exact", "1", "live"),
		tabs("sysctl", "a", "exact", "1"),
		tabs("flux", "b", "near", "1", "never"),
		tabs("sysctl", "a", "exact", "2", "live"),
	],
	answers: [
		"line 2: expected 5 fields, got 4",
		"line 3: unknown tunable flux",
		"line 3: unknown match near",
		"line 3: unknown effect never",
		"line 4: sysctl.a was given before",
	],
});
