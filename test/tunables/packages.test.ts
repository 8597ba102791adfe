import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parseReport } from "../../host/protocol";
import type { Distribution } from "../../lab/light/tree/distributions";
import { packages } from "../../tunables/packages";
import { fakeHost } from "../support/hostRun";
import { settingsFromYaml } from "../support/inventory";
import { describeTunable } from "../support/tunableContract";

const debian = "var/lib/dpkg/packages.lab";
const rhel = "var/lib/rpm/packages.lab";

const debianBefore = `irqbalance ii 1.9.2-1 libnuma1
libnuma1 ii 2.0.16-1 -
sysstat rc 12.6.1-1 -
`;

describeTunable(packages, [
	{
		name: "a neutral name, and a daemon that is not wanted",
		yaml: "{perf: present, irqbalance: absent}",
		after: {
			[debian]: `libnuma1 ii 2.0.16-1 -
libpfm4 ii 4.13.0-1 -
linux-perf ii 6.1.192-2 libpfm4
sysstat rc 12.6.1-1 -
`,
		},
		drifts: [
			{
				name: "a package removed, and one installed",
				change: {
					[debian]: `irqbalance ii 1.9.2-1 libnuma1
libnuma1 ii 2.0.16-1 -
libpfm4 ii 4.13.0-1 -
linux-perf rc 6.1.192-2 libpfm4
sysstat rc 12.6.1-1 -
`,
				},
				finds: {
					"packages.irqbalance": "liveDrift",
					"packages.perf": "liveDrift",
				},
			},
			{
				name: "a package that is not whole",
				change: {
					[debian]: `libnuma1 ii 2.0.16-1 -
libpfm4 ii 4.13.0-1 -
linux-perf iF 6.1.192-2 libpfm4
sysstat rc 12.6.1-1 -
`,
				},
				finds: { "packages.perf": "liveDrift" },
			},
		],
		shrunk: {
			yaml: "{irqbalance: absent}",
			restores: {
				[debian]: `libnuma1 ii 2.0.16-1 -
sysstat rc 12.6.1-1 -
`,
			},
		},
	},
	{
		name: "a guide's tools, none of them there yet",
		yaml: "{sysstat: present, valgrind: present, heaptrack: present, heaptrack-gui: present, pcm: present, likwid: present, procps: present}",
		before: {
			[debian]: "irqbalance ii 1.9.2-1 libnuma1\nlibnuma1 ii 2.0.16-1 -\n",
		},
		after: {
			[debian]: `heaptrack ii 1.4.0-2 -
heaptrack-gui ii 1.4.0-2 heaptrack
irqbalance ii 1.9.2-1 libnuma1
libnuma1 ii 2.0.16-1 -
likwid ii 5.2.2+dfsg1-1 -
pcm ii 202302-1 -
procps ii 2:4.0.2-3 -
sysstat ii 12.6.1-1 -
valgrind ii 1:3.19.0-1 -
`,
		},
	},
	{
		name: "lists of packages that are older than the package",
		yaml: "{numactl: present}",
		before: { ".lab/apt-lists-old": "" },
		after: {
			[debian]: `irqbalance ii 1.9.2-1 libnuma1
libnuma1 ii 2.0.16-1 -
numactl ii 2.0.16-1 libnuma1
sysstat rc 12.6.1-1 -
`,
		},
	},
	{
		name: "what the distribution does not package, beside what it does",
		yaml: "{flamegraph: present, bcc-tools: present}",
		after: { [debian]: `bpfcc-tools ii 0.26.0+ds-1 -\n${debianBefore}` },
		verdicts: { "packages.flamegraph": "unsupported" },
	},
	{
		name: "an unknown package, next to an available one",
		yaml: "{nosuch: present, numactl: present}",
		after: {
			[debian]: `irqbalance ii 1.9.2-1 libnuma1
libnuma1 ii 2.0.16-1 -
numactl ii 2.0.16-1 libnuma1
sysstat rc 12.6.1-1 -
`,
		},
		verdicts: { "packages.nosuch": "liveDrift" },
		fails:
			/Unable to locate package nosuch[\s\S]*packages\.nosuch +present +absent/,
	},
	{
		name: "a package that others need",
		yaml: "{libnuma1: absent}",
		after: { [debian]: debianBefore },
		verdicts: { "packages.libnuma1": "liveDrift" },
		fails: /libnuma1: other packages need them; they stay/,
	},
	{
		name: "a lock that another process holds",
		yaml: "{numactl: present}",
		before: { ".lab/dpkg-lock": "4242 (unattended-upgr)" },
		after: { [debian]: debianBefore },
		verdicts: { "packages.numactl": "liveDrift" },
		fails: /lock-frontend. It is held by process 4242 \(unattended-upgr\)/,
	},
	{
		name: "rpm and dnf",
		distribution: "el-9",
		yaml: "{linux-perf: present, numactl: present, procps: present, cpufrequtils: absent, irqbalance: absent}",
		after: {
			[rhel]: `numactl ii 2.0.18-2.el9 numactl-libs
numactl-libs ii 2.0.18-2.el9 -
perf ii 5.14.0-503.11.1.el9_5 -
procps-ng ii 3.3.17-14.el9 -
`,
		},
		drifts: [
			{
				name: "a package removed",
				change: {
					[rhel]: `numactl ii 2.0.18-2.el9 numactl-libs
numactl-libs ii 2.0.18-2.el9 -
procps-ng ii 3.3.17-14.el9 -
`,
				},
				finds: {
					"packages.linux-perf": "liveDrift",
				},
			},
		],
	},
	{
		name: "Ubuntu: perf and cpupower are two packages, one of them the kernel's",
		distribution: "ubuntu-24.04",
		yaml: "{perf: present, cpupower: present, realtime-tests: present, bcc-tools: present, irqbalance: absent}",
		after: {
			[debian]: `bpfcc-tools ii 0.26.0+ds-1 -
libnuma1 ii 2.0.18-1build1 -
linux-tools-6.8.0-1021-aws ii 6.8.0-1021.23 linux-tools-common
linux-tools-common ii 6.8.0-51.52 -
rt-tests ii 2.4-2 libnuma1
sysstat rc 12.6.1-2 -
`,
		},
	},
	{
		name: "EL 10: rpm's database has moved, the names have not",
		distribution: "el-10",
		yaml: "{perf: present, cpupower: present, rt-tests: present, bpfcc-tools: present, irqbalance: absent}",
		after: {
			"usr/lib/sysimage/rpm/packages.lab": `bcc-tools ii 0.30.0-6.el10 -
kernel-tools ii 6.12.0-211.61.1.el10_2 -
numactl-libs ii 2.0.18-2.el10 -
perf ii 6.12.0-211.61.1.el10_2 -
realtime-tests ii 2.8-1.el10 numactl-libs
`,
		},
	},
]);

describe("output of package managers", () => {
	/** Facts of the keys when NAME prints the fixture instead. */
	const texts = (
		distribution: Distribution,
		stub: { readonly name: string; readonly fixture: string },
		keys: readonly string[],
	): readonly string[] => {
		const host = fakeHost(distribution);
		host.install();
		const commands = mkdtempSync(join(tmpdir(), "metaltune-stub-"));
		const fixture = join(__dirname, "../fixtures/packages", stub.fixture);
		writeFileSync(
			join(commands, stub.name),
			`#!/bin/sh\ncat '${fixture}'\nexit 1\n`,
			{ mode: 0o755 },
		);
		const yaml = `{${keys.map((key) => `${key}: present`).join(", ")}}`;
		const settings = settingsFromYaml(packages, yaml);
		const { stdout } = host.run("probe", { settings, path: commands });
		host.dispose();
		rmSync(commands, { recursive: true });
		return parseReport(stdout, settings).facts.map(({ key, status, text }) =>
			`${key} ${status} ${text}`.trimEnd(),
		);
	};

	test("dpkg-query: states of packages, and packages twice", () => {
		const stub = { name: "dpkg-query", fixture: "dpkg-query.txt" };
		expect(
			texts("debian-12", stub, [
				"ethtool",
				"hwloc",
				"libc6",
				"nosuch",
				"numactl",
				"perf",
				"sysstat",
				"valgrind",
			]),
		).toEqual([
			"ethtool value present",
			"hwloc value hwloc broken(iF)",
			"libc6 value present",
			"nosuch absent",
			"numactl absent",
			"perf value present",
			"sysstat value sysstat broken(iU)",
			"valgrind absent",
		]);
	});

	test("rpm -q: names under which EL has the tools", () => {
		const stub = { name: "rpm", fixture: "rpm.txt" };
		expect(
			texts("el-9", stub, ["bpftrace", "cpupower", "linux-perf", "rt-tests"]),
		).toEqual([
			"bpftrace absent",
			"cpupower value present",
			"linux-perf value present",
			"rt-tests absent",
		]);
	});

	test("rpm -q: a database that cannot be opened is not an absent package", () => {
		const stub = { name: "rpm", fixture: "rpm-error.txt" };
		expect(texts("el-9", stub, ["perf"])).toEqual([
			"perf unreadable the database of packages cannot be read",
		]);
	});

	test("Ubuntu: tools of a kernel that no longer runs are not the tool", () => {
		const host = fakeHost("ubuntu-24.04");
		host.install();
		host.write(
			debian,
			"linux-tools-6.8.0-1009-aws ii 6.8.0-1009.9 linux-tools-common\nlinux-tools-common ii 6.8 -\n",
		);
		const settings = settingsFromYaml(packages, "{perf: present}");
		const { stdout } = host.run("probe", { settings });
		host.dispose();
		expect(parseReport(stdout, settings).facts).toMatchObject([
			{ status: "value", text: "linux-tools-6.8.0-1021-aws missing" },
		]);
	});
});
