/** `metaltune import tuned`: which option becomes which key, and what is left. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { sections } from "../../applications/sections";
import { importTuned } from "../../cli/importTuned/tunedTuning";
import { loadInventory } from "../../inventory/load";
import { metaltune } from "./cli";

jest.setTimeout(60_000);

const lines = (...text: readonly string[]) => `${text.join("\n")}\n`;

/** The forms of network-latency, latency-performance and realtime. */
const profile = lines(
	"[main]",
	"summary=quiet",
	"include=latency-performance",
	"[variables]",
	"quiet_cpus = 4-7",
	"quiet_words=nohz_full=\u0024{quiet_cpus} skew_tick=1",
	"include=/etc/tuned/elsewhere.conf",
	"[vm]",
	"transparent_hugepages=never",
	"dirty_bytes=10%",
	"[sysctl]",
	"net.core.rmem_max = >16777216",
	"net.ipv4.tcp_rmem=4096   87380\t16777216  # while it bursts",
	"kernel.sched_min = \u0024{elsewhere}",
	"; a comment",
	"vm.swappiness=60",
	"vm.swappiness=10",
	"[cpu]",
	"force_latency=1",
	"governor=performance",
	"min_perf_pct=100",
	"no_turbo=1",
	"[bootloader]",
	"cmdline_quiet=+isolcpus=managed_irq,domain,\u0024{quiet_cpus} \u0024{quiet_words}",
	"cmdline_less=-mitigations=auto",
	"[ksm]",
	"type=sysfs",
	"/sys/kernel/mm/ksm/run=0",
	"/sys/bus/workqueue/devices/writeback/cpumask=f",
	"[nic]",
	"type=net",
	"devices=eth0",
	"coalesce=adaptive-rx off rx-usecs 0",
	"ring=rx 4096",
	"[off]",
	"type=sysctl",
	"enabled=false",
	"vm.stat_interval=10",
	"[scheduler]",
	"runtime=0",
);

const tuning = {
	memory: { transparentHugePages: "never", ksm: "off" },
	sysctl: {
		"vm.dirty_ratio": 10,
		"net.core.rmem_max": { atLeast: 16777216 },
		"net.ipv4.tcp_rmem": "4096 87380 16777216",
		"vm.swappiness": 10,
	},
	cpuFrequency: {
		governor: "performance",
		minPerformancePercent: 100,
		boost: "off",
	},
	kernelCommandLine: {
		isolcpus: "managed_irq,domain,4-7",
		nohz_full: "4-7",
		skew_tick: 1,
	},
	ethtool: {
		eth0: {
			coalescing: { adaptiveRx: "off", rxUsecs: 0 },
			rings: { rx: 4096 },
		},
	},
};

const leftLines = [3, 7, 14, 19, 25, 29, 40];

test("options become keys, and the others are left with their lines", () => {
	const imported = importTuned(profile);
	expect(imported.tuning).toEqual(tuning);
	expect(imported.left.map(({ line }) => line)).toEqual(leftLines);
	expect(imported.left[0]?.why).toContain("include=latency-performance");
});

test.each([
	["[cpu]\ngovernor=schedutil|performance", "list of choices"],
	["[cpu]\ngovernor=schedutil2!", "cpuFrequency.governor: expected"],
	["[sysctl]\nvm.swap/../x=1", "sysctl"],
	["[bootloader]\ncmdline=isolcpus=7-4", "kernelCommandLine.isolcpus: "],
	["[bootloader]\ncmdline=hugepagesz=1G", "kernelCommandLine.hugepagesz: "],
	["[bootloader]\ncmdline=hugepagesz=16G hugepages=1", "hugePages.16G: "],
	["[cpu]\ndevices=cpu1\ngovernor=performance", "applies to all CPUs"],
	["[net]\ndevices=eth*\nring=rx 4096", "names of NICs"],
	["[net]\ndevices=eth0\nring=rx many", "no rx many"],
	["[vm]\ntransparent_hugepages=sometimes", "no such value"],
	["[sysctl]\nvm.swappiness=<10", "cannot lower"],
	["[sysctl]\nvm.swappiness=\u0024{f:exec:id}", "variable or function"],
	[
		"[variables]\na=\u0024{b}\nb=\u0024{a}\n[sysctl]\nvm.swappiness=\u0024{a}",
		"variable or",
	],
	["[sysctl]\nvm.swappiness", "no option"],
	["vm.swappiness=1", "no option"],
])("%j is left", (text, why) => {
	const { tuning: mapped, left } = importTuned(text);
	expect(mapped).toEqual({});
	expect(left).toEqual([
		{ line: text.split("\n").length, why: expect.stringContaining(why) },
	]);
});

test("a kernel parameter that is given again is a list; lines may continue", () => {
	const text = "[bootloader]\ncmdline=console=tty0\n  console=ttyS0,115200\n";
	expect(importTuned(text)).toEqual({
		tuning: { kernelCommandLine: { console: ["tty0", "ttyS0,115200"] } },
		left: [],
	});
});

test("what the inventory refuses is left, and the rest is imported", () => {
	const text =
		"[bootloader]\ncmdline_a=hugepagesz=1G hugepages=0:2,1:3 hugepagesz=2M hugepages=8\ncmdline_b=isolcpus=7-4 nosmt\n[cpu]\ngovernor=performance\n[sysctl]\nkernel.numa_balancing=1\n";
	const { tuning: mapped, left } = importTuned(text);
	expect(mapped).toEqual({
		hugePages: { "1G": { node0: 2, node1: 3 }, "2M": 8 },
		kernelCommandLine: { nosmt: true },
		cpuFrequency: { governor: "performance" },
		sysctl: { "kernel.numa_balancing": 1 },
	});
	expect(left.map(({ line }) => line)).toEqual([3]);
});

describe("the command", () => {
	let directory: string;
	beforeEach(() => {
		directory = mkdtempSync(join(tmpdir(), "metaltune-import-"));
	});
	afterEach(() => rmSync(directory, { recursive: true }));

	test("prints an inventory that is right, the rest with file and line", async () => {
		writeFileSync(join(directory, "tuned.conf"), profile);
		const { code, stdout, stderr } = await metaltune(
			["import", "tuned", "tuned.conf"],
			{ cwd: directory, env: process.env },
		);
		expect(code).toBe(2);
		expect(parse(stdout)).toEqual({ tuning });
		const places = stderr.trimEnd().split("\n");
		expect(places.map((each) => each.split(": ")[0])).toEqual(
			leftLines.map((line) => `tuned.conf:${line}`),
		);
		const hosts = join(directory, "hosts");
		mkdirSync(hosts);
		const machine =
			"connection: {user: root}\nmachines: {a: {address: 192.0.2.1, hostKey: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY3}}\n";
		writeFileSync(join(hosts, "a.yaml"), stdout + machine);
		expect(loadInventory(hosts, sections)).toHaveLength(1);
	});

	test("a file that is not there is 1", async () => {
		const ended = await metaltune(["import", "tuned", "nowhere"], {
			cwd: directory,
			env: process.env,
		});
		expect(ended).toEqual({
			code: 1,
			stdout: "",
			stderr: "metaltune: nowhere: expected a TuneD profile, got ENOENT\n",
		});
	});
});
