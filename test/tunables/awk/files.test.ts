/** Awk programs that read files of a host by themselves, under every awk. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "@jest/globals";
import { testAwk } from "../../support/awk";

const root = mkdtempSync(join(tmpdir(), "metaltune-awk-"));
afterAll(() => rmSync(root, { recursive: true }));

function file(path: string, ...lines: readonly string[]): string {
	const whole = join(root, path);
	mkdirSync(dirname(whole), { recursive: true });
	writeFileSync(whole, lines.map((line) => `${line}\n`).join(""));
	return whole;
}

const tab = "\t";
const us = "\x1f";
const tabs = (...fields: readonly string[]): string => fields.join(tab);
const units = (...fields: readonly string[]): string => fields.join(us);
const fact = (...fields: readonly string[]) => tabs("fact", ...fields);

const limits = [
	file(
		"etc/security/limits.conf",
		"# <domain> <type> <item> <value>",
		"@rt - memlock infinity # all",
		"  fx soft nofile 1024",
		"fx hard nofile",
	),
	file(
		"etc/security/limits.d/50.conf",
		"fx\tsoft\tnofile\t4096",
		"fx - nice -1",
	),
];

testAwk("limits/live: the last line counts, and a comment is none", {
	program: "tunables/limits/live.awk",
	separator: tab,
	variables: { root },
	lines: [
		...[
			"@rt.memlock.hard",
			"fx.nofile.soft",
			"fx.nofile.hard",
			"fx.nice.soft",
		].map((key) => tabs("key", key)),
		...limits.map((path) => tabs("file", path)),
	],
	answers: [
		fact(
			"limits",
			"@rt.memlock.hard",
			"live",
			"value",
			"unlimited",
			"/etc/security/limits.conf:2",
		),
		fact(
			"limits",
			"fx.nofile.soft",
			"live",
			"value",
			"4096",
			"/etc/security/limits.d/50.conf:1",
		),
		fact(
			"limits",
			"fx.nofile.hard",
			"live",
			"absent",
			"",
			"/etc/security/limits.d",
		),
		fact(
			"limits",
			"fx.nice.soft",
			"live",
			"value",
			"-1",
			"/etc/security/limits.d/50.conf:2",
		),
	],
});

const sysctls = [
	file(
		"etc/sysctl.d/10.conf",
		"; a comment",
		"-net.ipv4.conf.eth0.rp_filter = 1",
		"vm.swappiness=60",
		"no assignment at all",
	),
	file(
		"etc/sysctl.d/20.conf",
		"net.ipv4.conf.*.rp_filter = 2",
		"vm/swappiness = 1",
	),
];

testAwk("sysctl/boot: the last line, and a name before a pattern", {
	program: "tunables/sysctl/boot.awk",
	separator: tab,
	variables: { root },
	lines: [
		...[
			"vm.swappiness",
			"net.ipv4.conf.eth0.rp_filter",
			"net.ipv4.conf.all.rp_filter",
			"vm.stat_interval",
		].map((key) => tabs("key", key)),
		...sysctls.map((path) => tabs("file", path)),
	],
	answers: [
		fact(
			"sysctl",
			"vm.swappiness",
			"boot",
			"value",
			"1",
			"/etc/sysctl.d/20.conf:2",
		),
		fact(
			"sysctl",
			"net.ipv4.conf.eth0.rp_filter",
			"boot",
			"value",
			"1",
			"/etc/sysctl.d/10.conf:2",
		),
		fact(
			"sysctl",
			"net.ipv4.conf.all.rp_filter",
			"boot",
			"value",
			"2",
			"/etc/sysctl.d/20.conf:1",
		),
		fact("sysctl", "vm.stat_interval", "boot", "absent", "", "sysctl.d"),
	],
});

const etc = `${dirname(file("etc/login.defs", "# text", "SYS_UID_MAX\t\t500"))}/`;
file(
	"etc/passwd",
	"root:x:0:0:root:/root:/bin/bash",
	"fx:x:600:600:FX:/home/fx:/bin/sh",
	"a line that is none",
);
file("etc/group", "fx:x:600:", "adm:x:4:syslog,fx", "wheel:x:10:");

testAwk("users/live: accounts, groups, and the limit of system accounts", {
	program: "tunables/users/live.awk",
	variables: { etc },
	lines: [
		"user.fx",
		"user.fx.uid",
		"user.fx.system",
		"user.fx.groups.adm",
		"user.fx.groups.fx",
		"user.fx.groups.wheel",
		"user.none.shell",
		"group.adm.gid",
	],
	answers: [
		["user.fx", "value", "present", "passwd"],
		["user.fx.uid", "value", "600", "passwd"],
		["user.fx.system", "value", "no", "passwd"],
		["user.fx.groups.adm", "value", "member", "group"],
		["user.fx.groups.fx", "value", "member", "group"],
		["user.fx.groups.wheel", "absent", "", "group"],
		["user.none.shell", "absent", "", "passwd"],
		["group.adm.gid", "value", "4", "group"],
	].map(([key = "", status = "", text = "", name]) =>
		fact("users", key, "live", status, text, `/etc/${name}`),
	),
});

testAwk("users/live: without accounts nothing is known", {
	program: "tunables/users/live.awk",
	variables: { etc: "/nonexistent/" },
	lines: ["user.fx"],
	answers: [
		fact(
			"users",
			"user.fx",
			"live",
			"unreadable",
			"no account can be read",
			"/etc/passwd",
		),
	],
});

for (const [title, name, kind, answers] of [
	["an account that was added", "etc/passwd", "passwd", 2],
	["its group, and a membership", "etc/group", "group", 2],
] as const) {
	testAwk(`users/others_lines: ${title}`, {
		program: "tunables/users/others_lines.awk",
		separator: tab,
		variables: { kind, file: join(root, name) },
		lines: [
			tabs("users", "user.fx", "live", "absent", ""),
			tabs("users", "user.fx.groups.adm", "live", "absent", ""),
			tabs("sysctl", "user.root", "live", "absent", ""),
		],
		answers:
			answers === 2 && kind === "passwd"
				? ["root:x:0:0:root:/root:/bin/bash", "a line that is none"]
				: ["adm x 4 ,syslog", "wheel x 10 "],
	});
}

const read = (
	key: string,
	text: string,
	most: string,
	wanted: string,
	parts = "",
) => units(key, "value", text, most, wanted, "eth0", parts);

testAwk("ethtool/changes: in the order of writing, and what exceeds the NIC", {
	program: "tunables/ethtool/changes.awk",
	separator: us,
	variables: { OFS: us },
	lines: [
		"eth0 tso tx-tcp-segmentation tx-tcp6-segmentation",
		read("eth0.offloads.tso", "off", "", "on"),
		read("eth0.coalescing.rxUsecs", "3", "", "0"),
		read("eth0.rings.tx", "256", "4096", "8192"),
		read("eth0.rings.rx", "256", "4096", "max"),
		read("eth0.channels.combined", "8", "16", "8"),
	],
	answers: [
		units(
			"refuse",
			"eth0.rings.tx",
			"expected at most 4096, the maximum of this NIC, got 8192",
		),
		units("-G", "eth0", "rx 4096"),
		units("-C", "eth0", "rx-usecs 0"),
		units("-K", "eth0", "tx-tcp-segmentation on tx-tcp6-segmentation on"),
	],
});

for (const [when, value, lines, answers] of [
	["before", "off", [], ["eth0 tso tx-tcp-segmentation"]],
	["before", "on", [], []],
	["after", "on", ["eth0 tso tx-tcp-segmentation"], []],
] as const) {
	testAwk(`ethtool/parts: ${when} ${value}, ${lines.length} noted`, {
		program: "tunables/ethtool/parts.awk",
		separator: us,
		variables: { when },
		lines: [
			...lines,
			read("eth0.offloads.tso", "on", "", value, " tx-tcp-segmentation"),
		],
		answers,
	});
}
