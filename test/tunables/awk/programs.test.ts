/** Awk programs of tunables alone, under every awk. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "@jest/globals";
import { testAwk } from "../../support/awk";

const directory = mkdtempSync(join(tmpdir(), "metaltune-awk-"));
afterAll(() => rmSync(directory, { recursive: true }));

const tab = "\t";
const us = "\x1f";
const tabs = (...fields: readonly string[]): string => fields.join(tab);

const policies = [
	...["0", "1", "2", "3"].map((n) => tabs(n, "affected_cpus", n)),
	tabs("0", "governor", "performance"),
	tabs("1", "governor", "powersave"),
	tabs("2", "governor", "performance"),
	tabs("3", "governor", "performance"),
];

testAwk("cpuFrequency/common: policies that deviate are named", {
	program: "tunables/cpuFrequency/common.awk",
	separator: tab,
	lines: policies,
	answers: [tabs("value", "policy1: powersave, others: performance")],
});

testAwk("cpuFrequency/changes: a text with ranges of policies is put back", {
	program: "tunables/cpuFrequency/changes.awk",
	separator: tab,
	variables: {
		OFS: us,
		name: "governor",
		wanted: "policy0,2-3: powersave, others: performance",
	},
	lines: [...policies, tabs("2", "offers", "performance")],
	answers: [
		["put", "0", "powersave"].join(us),
		["put", "1", "performance"].join(us),
		["refuse", "2", "performance"].join(us),
		["put", "3", "powersave"].join(us),
	],
});

for (const [found, wanted, layer, status] of [
	["rw,size=2097152k,mode=0755", "size=2G,mode=755", "live", 0],
	["rw,size=1048576k", "size=2G", "live", 1],
	["rw,size=4294967296k", "size=4294967297k", "live", 1],
	["rw,relatime", "noatime", "live", 1],
	["rw,relatime", "rw,defaults,exec", "live", 0],
	["rw,noatime", "noatime,rw", "boot", 0],
	["rw,noatime", "noatime", "boot", 0],
	["ro,noatime", "noatime", "boot", 1],
] as const) {
	testAwk(`mounts/satisfied: ${found} for ${wanted}, ${layer}`, {
		program: "tunables/mounts/satisfied.awk",
		variables: { layer },
		lines: [found, wanted],
		status,
		answers: [],
	});
}

testAwk("unit_states: blank lines divide units, and an alias has its unit", {
	program: "host/lib/unit_states.awk",
	variables: { units: "a.service b.service" },
	lines: [
		...[
			"Id=real.service",
			"LoadState=loaded",
			"ActiveState=active",
			"UnitFileState=enabled",
		],
		...[
			"",
			"LoadState=not-found",
			"ActiveState=inactive",
			"SubState=dead",
			"UnitFileState=",
			"",
		],
	],
	answers: [
		tabs("a.service", "real.service", "loaded", "active", "-", "enabled", "-"),
		tabs("b.service", "b.service", "not-found", "inactive", "dead", "-", "-"),
	],
});

testAwk("hugePages/mounted: the last mount of a path counts", {
	program: "tunables/hugePages/mounted.awk",
	variables: { path: "/mnt/huge" },
	lines: [
		"none /mnt/huge tmpfs rw 0 0",
		"none /mnt/huge hugetlbfs rw,relatime,gid=600,mode=1770,pagesize=2M 0 0",
	],
	answers: ["pagesize=2M,gid=600,mode=1770"],
});

for (const [line, isGranted] of [
	["quiet hugepagesz=2M hugepages=7 hugepagesz=1G hugepages=0:2,1:4", true],
	["hugepages=0:2 -- hugepagesz=1G hugepages=0:2", false],
] as const) {
	const cmdline = join(directory, isGranted ? "asked" : "other");
	writeFileSync(cmdline, `${line}\n`);
	const fact = (layer: string): string =>
		tabs("fact", "hugePages", "node0.1048576kB", layer, "value", "1", "-");
	testAwk(`hugePages/granted: fewer than this boot was asked for: ${line}`, {
		program: "tunables/hugePages/granted.awk",
		separator: us,
		variables: { cmdline },
		lines: [
			["node0.1048576kB", "atLeast", "2", "reboot"].join(us),
			fact("live"),
		],
		answers: isGranted ? [fact("boot")] : [],
	});
}

testAwk("xdp/attached: the mode, the program and its name", {
	program: "tunables/xdp/attached.awk",
	lines: [
		"2: nic0: <UP> mtu 1500 xdpgeneric qdisc mq",
		"    link/ether 02:00:00:00:00:01",
		"    prog/xdp id 7 name drop tag 57cd311f2e27366b",
	],
	answers: ["generic 7 drop"],
});

testAwk("packages/removed: only what was given may go", {
	program: "tunables/packages/removed.awk",
	variables: { given: " a b " },
	lines: ["Remv a [1]", "Remv c [1]"],
	status: 1,
	answers: [],
});
