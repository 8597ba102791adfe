/** Awk programs that make a tunable's facts and changes, under every awk. */
import { type AwkCase, testAwk } from "../../support/awk";

const tab = "\t";
const us = "\x1f";
const tabs = (...fields: readonly string[]): string => fields.join(tab);
const fact = (...fields: readonly string[]) => tabs("fact", ...fields);

const begin = "# metaltune: begin";
const end = "# metaltune: end";
const states = [
	tabs("cpu0", "state0", "POLL", "0"),
	tabs("cpu0", "state1", "C1", "0"),
	tabs("cpu0", "state2", "C6", "1"),
];
const idle = (key: string, value: string) =>
	[`key`, key, "exact", value, "live"].join(us);
const idleFact = (key: string, status: string, text: string) => {
	const [cpu] = key.split(".");
	const source = `/sys/devices/system/cpu/${cpu}/cpuidle`;
	return fact("cpuIdle", key, "live", status, text, source);
};
const perf = (text: string, status = "value", source = "linux-perf") =>
	fact("packages", "perf", "live", status, text, `dpkg-query ${source}`);

const cases: readonly (readonly [string, string, AwkCase])[] = [
	[
		"tunables/cpuIdle/states.awk",
		"what is off, a state that is unknown, and a CPU that is offline",
		{
			variables: { us, tunable: "cpuIdle" },
			lines: [
				...states,
				idle("cpu0.disabled", "C6"),
				idle("cpu0.disabled", "C7"),
				idle("cpu9.disabled", "none"),
			],
			answers: [
				idleFact("cpu0.disabled", "value", "C6"),
				idleFact(
					"cpu0.disabled",
					"unsupported",
					"cpu0 has no idle state C7, only POLL, C1, C6",
				),
				idleFact("cpu9.disabled", "absent", ""),
			],
		},
	],
	[
		"tunables/cpuIdle/changes.awk",
		"only states that differ, of one CPU",
		{
			separator: tab,
			variables: { OFS: us, cpu: "cpu0", names: ",C1," },
			lines: [...states, tabs("cpu1", "state1", "C1", "0")],
			answers: [["state1", "C1", "1"].join(us), ["state2", "C6", "0"].join(us)],
		},
	],
	...(
		[
			["installed", ["linux-perf present"], "linux-perf", [perf("present")]],
			["not installed", [], "linux-perf", [perf("", "absent")]],
			[
				"half of two",
				["a present"],
				"a b",
				[perf("b missing", "value", "a b")],
			],
			[
				"broken",
				["linux-perf half-configured"],
				"linux-perf",
				[perf("linux-perf half-configured")],
			],
			[
				"a name that the distribution has not",
				[],
				"",
				[perf("not packaged by this distribution", "unsupported", "")],
			],
		] as const
	).map(
		([title, lines, names, answers]) =>
			[
				"tunables/packages/facts.awk",
				title,
				{
					separator: tab,
					variables: { reason: "", manager: "apt" },
					lines: [...lines, tabs("want", "perf", names, "present")],
					answers,
				},
			] as const,
	),
	[
		"tunables/packages/facts.awk",
		"a package manager that does not answer",
		{
			separator: tab,
			variables: { reason: "dpkg is locked", manager: "apt" },
			lines: [tabs("want", "perf", "linux-perf", "present")],
			answers: [perf("dpkg is locked", "unreadable")],
		},
	],
	[
		"tunables/packages/added.awk",
		"what was not there before",
		{
			lines: ["before perf present", "perf present", "sysstat present", ""],
			answers: ["sysstat"],
		},
	],
	[
		"tunables/mounts/others.awk",
		"lines of fstab outside metaltune's part",
		{
			variables: { begin, end },
			lines: ["UUID=1 / ext4", begin, "tmpfs /mnt/x tmpfs", end, "", "# last"],
			answers: ["UUID=1 / ext4", "", "# last"],
		},
	],
	[
		"tunables/mounts/users.awk",
		"processes below the directory, each once",
		{
			variables: { path: "/mnt/huge" },
			lines: [
				"12/cwd /mnt/huge",
				"12/root /mnt/huge/a",
				"13/cwd /mnt/huge2",
				"14/exe /usr/bin/x",
			],
			answers: ["12"],
		},
	],
	...(
		[
			["a name", "1001", ["fx"]],
			["two names of one number", "0", ["root"]],
			["no name", "4711", ["4711"]],
		] as const
	).map(
		([title, id, answers]) =>
			[
				"tunables/files/account.awk",
				title,
				{
					separator: ":",
					variables: { id },
					lines: ["root:x:0:0", "toor:x:0:0", "fx:x:1001:1001"],
					answers,
				},
			] as const,
	),
	...(
		[
			["one of its files", "/etc/b", 0],
			["the beginning of one", "/etc/a", 1],
		] as const
	).map(
		([title, path, status]) =>
			[
				"tunables/files/last_write.awk",
				title,
				{
					separator: tab,
					variables: { path },
					lines: [
						tabs("services", "cron.restartOn", "exact", "/etc/a.conf /etc/b"),
						tabs("files", "/etc/a.restartOn", "exact", "/etc/a"),
					],
					status,
					answers: [],
				},
			] as const,
	),
];

for (const [program, title, given] of cases) {
	testAwk(`${program}: ${title}`, { program, ...given });
}
