/** Awk programs of the verbs and of boot loaders alone, under every awk. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "@jest/globals";
import { type AwkCase, testAwk } from "../../support/awk";

const directory = mkdtempSync(join(tmpdir(), "metaltune-awk-"));
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, text: string): string {
	const path = join(directory, name);
	writeFileSync(path, text);
	return path;
}

const tab = "\t";
const us = "\x1f";
const tabs = (...fields: readonly string[]): string => fields.join(tab);
const fact = (...fields: readonly string[]) => tabs("fact", ...fields);
const judged = (...fields: readonly string[]) => tabs(...fields);

const swappiness = file("swappiness", "60\n");
const blank = file("blank", "");
const wide = file("wide", "  always\tmadvise  [never]\n");
const passwd = file(
	"passwd",
	"root:x:0:0:root:/root:/bin/bash\nfx:x:1001:1001::/home/fx:/bin/sh\n",
);
const group = file(
	"group",
	"root:x:0:\nadm:x:4:syslog,fx\nfxd:x:5:fxd\naudio:x:29:fx\n",
);

/** Answers of a program that is given its fields by tabs. */
const tabbed: readonly (readonly [string, string, AwkCase])[] = [
	[
		"host/lib/facts_of_files.awk",
		"a file, one of several words, and an empty one",
		{
			variables: { OFS: tab, tunable: "t", layer: "live", root: directory },
			lines: [tabs("a", swappiness), tabs("b", wide), tabs("c", blank)],
			answers: [
				fact("t", "a", "live", "value", "60", "/swappiness"),
				fact("t", "b", "live", "value", "always madvise [never]", "/wide"),
				tabs("again", "c", blank),
			],
		},
	],
	[
		"host/lib/series.awk",
		"one queue of three deviates",
		{
			variables: { us, tunable: "r", mode: "facts" },
			lines: ["0f", "0f", "00"].map((text, i) =>
				fact(
					"r",
					["eth0.rps", "0f", `rx-${i}`, "0f", ""].join(us),
					"live",
					"value",
					text,
					`/q${i}`,
				),
			),
			answers: [
				fact("r", "eth0.rps", "live", "value", "rx-2: 00; all: 0f*2 00", "/q2"),
			],
		},
	],
	[
		"host/lib/series.awk",
		"a list of all is put back",
		{
			variables: { us, tunable: "r", mode: "changes" },
			lines: ["0f", "0f", "0f"].map((text, i) =>
				fact(
					"r",
					["eth0.rps", "rx-2: 00; all: 0f*2 00", `rx-${i}`, "", ""].join(us),
					"live",
					"value",
					text,
					`/q${i}`,
				),
			),
			answers: [["/q2", "00", "eth0.rps", "rx-2"].join(us)],
		},
	],
	[
		"host/lib/table.awk",
		"an empty value, a minimum and a hash",
		{
			lines: [
				judged("a", "b", "ok", "ok", "-", "live", "", "", "-", "exact"),
				judged("a", "c", "ok", "ok", "-", "live", "5", "7", "-", "atLeast"),
				judged(
					"a",
					"d",
					"ok",
					"ok",
					"-",
					"live",
					`sha256:${"0123456789ab".repeat(5)} 1`,
					"x",
					"",
					"-",
				),
			],
			answers: [
				"KEY  EXPECTED                LIVE  BOOT  VERDICT",
				'a.b  ""                      ""    -     ok',
				"a.c  >= 5                    7     -     ok",
				'a.d  sha256:0123456789ab...  x     ""    ok',
			],
		},
	],
	[
		"host/lib/table.awk",
		"cells are broken to fit a terminal",
		{
			variables: { columns: "60" },
			lines: [
				judged(
					"sysctl",
					"net.ipv4.tcp_rmem",
					"liveDrift",
					"bad",
					"-",
					"live",
					"4096 131072 134217728",
					"4096 131072 6291456 (/etc/sysctl.d/10.conf:3)",
					"-",
					"exact",
				),
			],
			answers: [
				"KEY            EXPECTED       LIVE           BOOT  VERDICT",
				"sysctl.net.    4096 131072    4096 131072    -     liveDrift",
				"ipv4.tcp_rmem  134217728      6291456 (/",
				"                              etc/sysctl.d/",
				"                              10.conf:3)",
			],
		},
	],
	[
		"host/verbs/announced.awk",
		"both layers, a hash, and an empty value",
		{
			variables: { tunable: "s" },
			lines: [
				judged("s", "k", "liveDrift", "bad", "bad", "live", "1", "", "7", "-"),
				judged("f", "/y", "-", "bad", "-", "live", "1", "2"),
				"declared",
				judged("s", "/x", "-", "bad", "-", "live", "sha256:b 2", "sha256:a 1"),
				judged("s", "r", "-", "bad", "-", "reboot", "1", "2", "-", "-"),
			],
			answers: [
				's k "" -> 1 (as before metaltune)',
				"s k boot: 7 -> 1 (as before metaltune)",
				"s /x sha256:a -> sha256:b",
			],
		},
	],
	[
		"host/verbs/check_provisional.awk",
		"a provisional and a rolled back change",
		{
			lines: [
				tabs(
					"provisional",
					"live",
					"now",
					"600",
					"ethtool.eth0.rings.rx",
					"ab-cd",
				),
				tabs("rolledback", "no login"),
				tabs("a", "b", "ok"),
			],
			answers: [
				"PROVISIONAL (live): ethtool.eth0.rings.rx; `metaltune confirm ab-cd` keeps it",
				"ROLLED BACK: no login",
			],
		},
	],
	...(
		[
			["nothing", [""], 0],
			["all in effect", [tabs("a", "b", "ok"), ""], 0],
			["drift", [tabs("a", "b", "liveDrift")], 2],
			["a reboot that waits", [tabs("a", "b", "pendingReboot")], 2],
			["a rollback", [tabs("a", "b", "ok"), tabs("rolledback", "x")], 2],
			[
				"unreadable is more than drift",
				[tabs("a", "b", "unreadable"), tabs("a", "c", "bootDrift")],
				1,
			],
		] as const
	).map(
		([title, lines, status]) =>
			[
				"host/verbs/check_verdict.awk",
				title,
				{ lines, status, answers: [] },
			] as const,
	),
	[
		"host/verbs/lowered.awk",
		"a minimum that is lower than the last one",
		{
			variables: { OFS: tab },
			lines: [
				tabs("last", "s", "k", "atLeast", "20"),
				tabs("now", "s", "k", "atLeast", "10"),
				tabs("judged", "s", "k", "ok", "ok", "-", "live", "10", "20", "-"),
				tabs("judged", "s", "j", "ok", "ok", "-", "live", "10", "20", "-"),
			],
			answers: [
				tabs("s", "k", "ok", "bad", "-", "live", "10", "20", "-"),
				tabs("s", "j", "ok", "ok", "-", "live", "10", "20", "-"),
			],
		},
	],
	[
		"host/verbs/moved.awk",
		"a key that changed, and one that did not",
		{
			lines: [
				tabs("seen", "s", "k", "-", "bad", "-", "live", "1", "5", "-"),
				tabs("seen", "s", "j", "-", "bad", "-", "live", "1", "5", "-"),
				judged("s", "k", "-", "bad", "-", "live", "1", "6", "-"),
				judged("s", "j", "-", "bad", "-", "live", "1", "5", "-"),
			],
			answers: [judged("s", "k", "-", "bad", "-", "live", "1", "6", "-")],
		},
	],
	[
		"host/verbs/originals.awk",
		"a missing copy, a changed one, and one that is new",
		{
			variables: { OFS: tab },
			lines: [
				tabs("now", "/a", "file", "11"),
				tabs("now", "/new", "absent", ""),
				tabs("kept", "/a", "file", "22"),
				tabs("kept", "/b", "link", "../c"),
			],
			answers: [
				tabs("other", "/a", "file", "22"),
				tabs("gone", "/b", "link", "../c"),
			],
		},
	],
	[
		"host/verbs/persist_dropped.awk",
		"the boot layer counts before the live one",
		{
			variables: { OFS: us, tunable: "s" },
			lines: [
				tabs("s", "k", "live", "value", "60"),
				tabs("s", "k", "boot", "absent", ""),
				tabs("other", "k", "live", "value", "1"),
			],
			answers: [["k", "baseline", "absent", "", "live"].join(us)],
		},
	],
	[
		"host/verbs/short_facts.awk",
		"a text that is too long, and one that is not",
		{
			variables: { OFS: tab },
			lines: [
				fact("s", "k", "live", "value", "x".repeat(100_001), "/p"),
				fact("s", "j", "live", "value", "x".repeat(100_000), "/p"),
			],
			answers: [
				fact(
					"s",
					"k",
					"live",
					"unreadable",
					"a text of 100001 bytes, which is too long to report",
					"/p",
				),
				fact("s", "j", "live", "value", "x".repeat(100_000), "/p"),
			],
		},
	],
	[
		"host/verbs/unit_facts.awk",
		"its own answer, an installed value, and none",
		{
			variables: { units: " smt memory " },
			lines: [
				...["a", "b", "c"].map((key) =>
					tabs("memory", key, "exact", "1", "live"),
				),
				tabs("sysctl", "a", "exact", "1", "live"),
				fact("memory", "a", "boot", "value", "3", "/p"),
				tabs("installed", "memory", "b", "exact", "2", "live"),
			],
			answers: [
				fact(
					"memory",
					"b",
					"boot",
					"value",
					"2",
					"/etc/metaltune/settings.tsv",
				),
				fact("memory", "c", "boot", "absent", "", "metaltune.service"),
			],
		},
	],
	[
		"host/verbs/unknown_facts.awk",
		"a tunable of another version",
		{
			variables: { version: "1.2" },
			lines: [tabs("flux", "k", "exact", "1", "live")],
			answers: [
				fact(
					"flux",
					"k",
					"live",
					"unreadable",
					"metaltune 1.2 does not know the tunable flux",
					"metaltune",
				),
			],
		},
	],
	[
		"host/provisional/before.awk",
		"a change of one kind replaces that kind, and names the change",
		{
			variables: { OFS: tab, live: "ethtool.x", boot: "", change: "new" },
			lines: [
				tabs("# live", "id", "60", "a", "old"),
				tabs("# boot", "id", "-", "b", "old"),
				tabs("sysctl", "k", "exact", "1", "live"),
			],
			answers: [
				tabs("# boot", "id", "-", "b", "new"),
				tabs("sysctl", "k", "exact", "1", "live"),
			],
		},
	],
	[
		"host/provisional/matching_keys.awk",
		"three are named, and each once",
		{
			variables: { layer: "live", rules: " ethtool . sysctl ^net[.]" },
			lines: [
				...["a", "b", "b", "c", "d"].map((key) =>
					judged("ethtool", key, "-", "bad", "-", "live"),
				),
				judged("sysctl", "vm.swappiness", "-", "bad", "-", "live"),
				judged("memory", "ksm", "-", "bad", "-", "live"),
			],
			answers: ["ethtool.a, ethtool.b, ethtool.c and 1 more"],
		},
	],
	...(
		[
			["the same", "1", 0],
			["another value", "2", 1],
		] as const
	).map(
		([title, value, status]) =>
			[
				"host/boot/entriesUntouched.awk",
				title,
				{
					lines: [
						tabs("kernelCommandLine", "nosmt", "boot", "value", "1"),
						fact("kernelCommandLine", "nosmt", "boot", "value", value, "/e"),
						fact("kernelCommandLine", "quiet", "boot", "value", "9", "/e"),
					],
					status,
					answers: [],
				},
			] as const,
	),
];

for (const [program, title, given] of tabbed) {
	testAwk(`${program}: ${title}`, { program, separator: tab, ...given });
}

const plain: readonly (readonly [string, string, AwkCase])[] = [
	[
		"host/verbs/by_tunable.awk",
		"the order asked for, and none without settings",
		{
			separator: tab,
			variables: { OFS: "|", tunables: "smt sysctl memory" },
			lines: [
				tabs("sysctl", "vm.swappiness", "exact", "1", "live"),
				tabs("smt", "control", "exact", "off", "live"),
				tabs("sysctl", "kernel.core_pattern", "exact", "", "live"),
				tabs("other", "a", "exact", "1", "live"),
			],
			answers: [
				"control|exact|off|live",
				"smt",
				"vm.swappiness|exact|1|live",
				"kernel.core_pattern|exact||live",
				"sysctl",
			],
		},
	],
	[
		"host/lib/processes.awk",
		"the leaves below the run, without the watcher's branch",
		{
			variables: { top: "10", all: "" },
			lines: [
				"    1     0 /sbin/init",
				"   10     1 sh metaltune apply",
				"   11    10 tee /proc/sys/vm/swappiness",
				"   12    10 sh metaltune apply",
				"   13    12 ps -A -o pid= -o ppid= -o args=",
				"   14     1 cron",
			],
			answers: ["11 tee /proc/sys/vm/swappiness"],
		},
	],
	...(
		[
			["members of groups", "1001", "1001 1001,4,29"],
			["an account without a name", "4711", "4711 4711"],
		] as const
	).map(
		([title, uid, answer]) =>
			[
				"host/lib/account_groups.awk",
				title,
				{
					separator: ":",
					variables: { uid, passwd, group },
					answers: [answer],
				},
			] as const,
	),
	[
		"host/verbs/machine_flags.awk",
		"no CPU",
		{ separator: ":", lines: ["model name\t: x"], answers: [] },
	],
	[
		"host/boot/grubWords.awk",
		"the kernel's name goes, and odd words are quoted",
		{
			lines: ['BOOT_IMAGE=/vmlinuz root=UUID=1 dyndbg="file a +p" x=$y'],
			answers: ["root=UUID=1 'dyndbg=file a +p' 'x=$y'"],
		},
	],
	[
		"host/boot/grubWords.awk",
		"a single quote is refused",
		{ lines: ["ro it's"], status: 1, answers: [] },
	],
	[
		"host/boot/otherWords.awk",
		"a name with a dash is the same as with an underscore",
		{
			separator: "=",
			variables: { names: " skew_tick nosmt " },
			lines: ["skew-tick=1", "nosmt", "quiet", "nosmt2=1"],
			answers: ["quiet", "nosmt2=1"],
		},
	],
	[
		"host/boot/grubbyLines.awk",
		"the rescue entry is left out",
		{
			lines: [
				"index=0",
				'kernel="/boot/vmlinuz-5.14.0-427.el9.x86_64"',
				'args="ro crashkernel=1G quiet"',
				"index=1",
				'kernel="/boot/vmlinuz-0-rescue-0123"',
				'args="ro"',
			],
			answers: ["line ro crashkernel=1G quiet"],
		},
	],
];

for (const [program, title, given] of plain) {
	testAwk(`${program}: ${title}`, { program, ...given });
}
