/** The host program's own promises, whatever the tunable. */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { fullSettings, neededFiles } from "../../bench/fullProfile";
import { hostProgram } from "../../host/assemble";
import { sentProgram } from "../../host/call";
import { parseReport, settingsHash, settingsStream } from "../../host/protocol";
import { runFromStdin } from "../../host/shell";
import { lightPath, writeTree } from "../../lab/light/tree";
import type { Setting } from "../../model/settings";
import { hugePages } from "../../tunables/hugePages";
import { tunables } from "../../tunables/registry";
import type { FakeHost } from "../support/hostRun";
import { settingsFromYaml } from "../support/inventory";
import { disposeAfterTest, installedHost } from "../support/newHost";
import { diffTrees } from "../support/tree";

function exact(tunable: string, key: string, value: string): Setting {
	return { tunable, key, match: "exact", value, effect: "live" };
}

const settings = [
	exact("sysctl", "net.core.rmem_max", "134217728"),
	exact("memory", "transparentHugePages", "never"),
];

/** A command of this machine, which `bin/setup --develop` has installed. */
function installed(command: string): string {
	const [program = ""] = command.split(" ");
	const found = spawnSync("sh", ["-c", 'command -v "$0"', program]);
	if (found.status === 0) return command;
	throw new Error(`${program}: not found; run bin/setup --develop`);
}

/** A directory for the front of PATH with one command in it. */
function commandInFront(name: string, script: string): string {
	const directory = mkdtempSync(join(tmpdir(), "metaltune-command-"));
	writeFileSync(
		join(directory, name),
		`#!/bin/sh\nPATH=\${PATH#*:}\nexport PATH\n${script}\n`,
		{ mode: 0o755 },
	);
	return directory;
}

describe.each([
	// What size costs, and why it is not less: docs/adr/0006.
	["whole", 264_000],
	["tuning", 233_000],
] as const)("the assembled file: %s", (variant, mostBytes) => {
	const { source, text } = hostProgram(variant);

	test("is clean to shellcheck", () => {
		// Its directives are comments, and come before the first command.
		const run = spawnSync("shellcheck", ["-S", "warning", "-"], {
			input: source.replace(/^METALTUNE_VERSION=.*\n/m, ""),
			encoding: "utf8",
		});
		expect(run).toMatchObject({ status: 0, stdout: "" });
	});

	// On EL, sh is bash: LINES is the terminal's height after any command there,
	// and UID cannot be set (bash(1), Shell Variables).
	test("sets no variable that bash sets", () => {
		expect(text).not.toMatch(
			/\b(?:LINES|COLUMNS|UID|EUID|PPID|GROUPS|SECONDS|RANDOM|LINENO|REPLY|FUNCNAME|PIPESTATUS)=/,
		);
	});

	test("does not grow unseen", () => {
		expect(Buffer.byteLength(text)).toBeLessThan(mostBytes);
	});
});

describe("the assembled file", () => {
	test("holds the two halves of every tunable, and no others", () => {
		const files = readdirSync(join(__dirname, "../../tunables"));
		const names = tunables.map(({ name }) => name);
		expect(files.toSorted()).toEqual([...names, "registry.ts"].toSorted());
		for (const name of names) {
			expect(hostProgram("tuning").text).toContain(`\n${name}_probe() {`);
			expect(existsSync(join(__dirname, `../tunables/${name}.test.ts`))).toBe(
				true,
			);
		}
	});

	test("probes without being installed", () => {
		const host = installedHost();
		host.remove("usr/local/sbin/metaltune");
		const before = host.snapshot({ writes: true });
		const run = spawnSync("sh", ["-c", runFromStdin("probe", false)], {
			env: { ROOT: host.root, PATH: lightPath },
			input: sentProgram(settingsStream(settings)),
			encoding: "utf8",
		});
		expect(run).toMatchObject({ status: 0, stderr: "" });
		const report = parseReport(run.stdout, settings);
		expect(report).toMatchObject({ program: "-", settingsHash: undefined });
		expect(report.facts).toHaveLength(4);
		expect(diffTrees(before, host.snapshot({ writes: true }))).toEqual([]);
	});

	test.each([
		["dash", "mawk"],
		["bash", "gawk"],
		["dash", "original-awk"],
		["busybox sh", "busybox awk"],
	])(
		"works with %s and %s",
		(shell, awk) => {
			const host = installedHost();
			for (const [path, text] of Object.entries(neededFiles)) {
				host.write(path, text);
			}
			const path = commandInFront("awk", `exec ${installed(awk)} "$@"`);
			writeFileSync(
				join(path, "sh"),
				`#!/bin/dash\nexec ${installed(shell)} "$@"\n`,
				{ mode: 0o755 },
			);
			const everything = { settings: fullSettings(), path };
			const run = host.run("apply", everything);
			expect(run).toMatchObject({ status: 0, stderr: "" });
			expect(host.run("apply", everything)).toEqual({
				status: 0,
				stdout: "",
				stderr: "",
			});
			const { findings } = parseReport(
				host.run("probe", everything).stdout,
				everything.settings,
			);
			const wrong = findings.filter(
				({ verdict }) => verdict !== "ok" && verdict !== "pendingReboot",
			);
			expect(wrong).toEqual([]);
		},
		60_000,
	);
});

/** Settings that need not be any, closed as a list of some is. */
function closed(text: string): string {
	if (text.startsWith("wanted")) return text;
	const hash = createHash("sha256").update(text).digest("hex");
	return `${text}end\t${text.split("\n").length - 1}\t${hash}\n`;
}

describe("bad input changes nothing", () => {
	test.each([
		["too few fields", "sysctl\tvm.swappiness\t0\n", "line 1: expected 5"],
		["an unknown tunable", "nope\ta\texact\t0\tlive\n", "unknown tunable nope"],
		["an unknown match", "sysctl\ta.b\tlike\t0\tlive\n", "unknown match like"],
		["an unknown effect", "sysctl\ta.b\texact\t0\tnow\n", "unknown effect now"],
		[
			"a key twice",
			"sysctl\ta.b\texact\t0\tlive\nsysctl\ta.b\texact\t1\tlive\n",
			"line 2: sysctl.a.b was given before",
		],
		["settings never announced", "wanted\t00ff\n", "pulumi up --refresh"],
	])("%s", (_name, stdin, message) => {
		const host = installedHost();
		const before = host.snapshot({ writes: true });
		const run = host.run("apply", { stdin: closed(stdin) });
		expect(run.status).toBe(64);
		expect(run.stderr).toContain(message);
		expect(diffTrees(before, host.snapshot({ writes: true }))).toEqual([]);
	});

	test("an unknown verb", () => {
		expect(installedHost().run("tune")).toMatchObject({
			status: 64,
			stderr: expect.stringContaining("expected probe, status, want,"),
		});
	});

	test("settings truncated on their way", () => {
		const host = installedHost();
		expect(host.run("want", { settings }).status).toBe(0);
		const hash = settingsHash(settings);
		expect(host.run("want", { settings: settings.slice(1) }).status).toBe(0);
		expect(host.run("apply", { stdin: `wanted\t${hash}\n` }).status).toBe(64);
		expect(host.run("want", { settings }).status).toBe(0);
		const stdin = `# revision 1\nwanted\t${hash}\n`;
		expect(host.run("apply --quiet", { stdin })).toEqual({
			status: 0,
			stdout: "",
			stderr: "",
		});
		expect(host.read("proc/sys/net/core/rmem_max")).toBe("134217728\n");
	});
});

describe("one change at a time", () => {
	test("apply waits for the run that holds the lock", async () => {
		const host = installedHost();
		const lock = join(host.root, "run/metaltune.lock");
		// One that others could open would be replaced.
		writeFileSync(lock, "", { mode: 0o600 });
		const holder = spawn("flock", [lock, "cat"]);
		holder.stdin.write("held\n");
		await new Promise((resolve) => holder.stdout.once("data", resolve));
		const apply = spawn(
			join(host.root, "usr/local/sbin/metaltune"),
			["apply"],
			{
				env: { ROOT: host.root, PATH: lightPath },
			},
		);
		apply.stdin.end(settingsStream(settings));
		const order: string[] = [];
		const ended = new Promise<void>((resolve) => {
			apply.once("exit", (code) => {
				order.push(`apply ${code}`);
				resolve();
			});
		});
		// The lock is seen to be waited for before it is let go.
		await waitForLockWaiter(host.root);
		order.push("let go");
		holder.stdin.end();
		await ended;
		expect(order).toEqual(["let go", "apply 0"]);
	});

	test("two applies at once end as one of them, whole", async () => {
		const host = installedHost();
		const other = [
			exact("sysctl", "net.core.rmem_max", "1048576"),
			exact("memory", "transparentHugePages", "always"),
		];
		const program = join(host.root, "usr/local/sbin/metaltune");
		const codes = await Promise.all(
			[settings, other].map((each) => {
				const child = spawn(program, ["apply"], {
					env: { ROOT: host.root, PATH: lightPath },
				});
				child.stdin.end(settingsStream(each));
				return new Promise((resolve) => child.once("exit", resolve));
			}),
		);
		expect(codes).toEqual([0, 0]);
		const cleanFor = [settings, other].filter((each) =>
			parseReport(
				host.run("probe", { settings: each }).stdout,
				each,
			).findings.every(({ verdict }) => verdict === "ok"),
		);
		expect(cleanFor).toHaveLength(1);
	});
});

async function waitForLockWaiter(root: string): Promise<void> {
	for (;;) {
		const waiting = spawnSync("pgrep", ["-f", "flock -w 300 9"]);
		const ours = waiting.stdout
			.toString()
			.split("\n")
			.filter((pid) => pid !== "")
			.some((pid) => {
				const environment = spawnSync("cat", [`/proc/${pid}/environ`]);
				return environment.stdout.toString().includes(`ROOT=${root}`);
			});
		if (ours) return;
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}

describe("failures are reported", () => {
	test("a full disk, before anything is changed", () => {
		const host = installedHost();
		const path = commandInFront(
			"tee",
			`case $1 in
*baseline.tsv*) echo "tee: $1: No space left on device" >&2; exit 1 ;;
esac
exec tee "$@"`,
		);
		const run = host.run("apply", { settings, path });
		expect(run.status).not.toBe(0);
		expect(run.stderr).toContain("No space left on device");
		expect(host.read("proc/sys/net/core/rmem_max")).toBe("212992\n");
		expect(existsSync(join(host.root, "etc/sysctl.d/zz-metaltune.conf"))).toBe(
			false,
		);
		expect(host.run("apply", { settings }).status).toBe(0);
	});

	// As cp leaves it: the beginning of a file, and a failure.
	test.each([
		["files", "/etc/fx.toml: {content: two}", "etc/fx.toml"],
		["users", "{fx: {}}", "etc/passwd"],
		["mounts", "/mnt/fx: {type: tmpfs, device: tmpfs}", "etc/fstab"],
	])("a full disk takes nothing of %s", (name, yaml, file) => {
		const host = installedHost();
		if (!existsSync(join(host.root, file))) host.write(file, "one");
		const before = host.snapshot();
		const was = host.read(file);
		const tunable = tunables.find((each) => each.name === name);
		if (tunable === undefined) throw new Error(`no tunable ${name}`);
		const full = commandInFront(
			"cp",
			`case "$*" in
"-a "*${file}*)
	for LAST; do :; done
	printf x >"$LAST"
	echo "cp: error writing '$LAST': No space left on device" >&2
	exit 1
	;;
esac
exec cp "$@"`,
		);
		const settings = settingsFromYaml(tunable, yaml);
		expect(host.run("apply", { settings, path: full }).status).not.toBe(0);
		expect(host.read(file)).toBe(was);
		expect(host.run("apply", { settings })).toMatchObject({ status: 0 });
		const tuned = host.read(file);
		expect(tuned).not.toBe(was);
		const reverted = host.run("revert", { path: full });
		expect(reverted).toMatchObject({ status: 65 });
		expect(reverted.stderr).toContain("No space left on device");
		expect([was, tuned]).toContain(host.read(file));
		expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
		host.install();
		expect(diffTrees(before, host.snapshot())).toEqual([]);
	});

	test("a run that was interrupted shows until another completes it", () => {
		const host = installedHost();
		const path = commandInFront(
			"tee",
			`tee "$@"\ncase $1 in\n*journal) kill -9 0 ;;\nesac`,
		);
		host.run("apply", { settings, path });
		const report = () =>
			parseReport(host.run("probe", { settings }).stdout, settings);
		expect(report().interrupted).toBe("apply");
		host.run("apply", { settings });
		expect(report().interrupted).toBeUndefined();
	});

	test("an unreadable value is not absent, and is not changed", () => {
		const host = installedHost();
		host.remove("proc/sys/net/core/rmem_max");
		host.write("proc/sys/net/core/rmem_max/trap", "");
		const run = host.run("apply", { settings });
		expect(run.status).toBe(65);
		expect(run.stderr).toMatch(
			/rmem_max +134217728 +unreadable \(Is a directory\) +134217728 +unreadable/,
		);
		expect(host.read("sys/kernel/mm/transparent_hugepage/enabled")).toBe(
			"always madvise [never]\n",
		);
	});

	test("check tells clean, drift and undetermined apart", () => {
		const host = installedHost();
		host.run("apply", { settings });
		expect(host.run("check").status).toBe(0);
		host.write("proc/sys/net/core/rmem_max", "1\n");
		expect(host.run("check")).toMatchObject({
			status: 2,
			stdout: expect.stringMatching(
				/rmem_max +134217728 +1 +134217728 +liveDrift/,
			),
		});
		host.remove("proc/sys/net/core/rmem_max");
		host.write("proc/sys/net/core/rmem_max/trap", "");
		expect(host.run("check").status).toBe(1);
	});
});

test("a lowered minimum reverts what it had added, and only that", () => {
	const host = installedHost();
	const pool = "sys/devices/system/node/node0/hugepages/hugepages-2048kB";
	const atLeast = (pages: number): Setting[] => [
		{
			...exact("hugePages", "node0.2048kB", String(pages)),
			match: "atLeast",
		},
	];
	host.run("apply", { settings: atLeast(512) });
	expect(host.run("apply", { settings: atLeast(64) })).toMatchObject({
		status: 0,
		stdout: expect.stringContaining("node0.2048kB 512 -> 64"),
	});
	expect(host.read(`${pool}/nr_hugepages`)).toBe("64\n");
	// What a person added beyond the minimum is theirs.
	host.write(`${pool}/nr_hugepages`, "100\n");
	expect(host.run("apply", { settings: atLeast(64) }).stdout).toBe("");
	expect(host.read(`${pool}/nr_hugepages`)).toBe("100\n");
});

test("a key that another one resets is in effect after the same run", () => {
	const host = installedHost();
	host.remove(".lab/active/irqbalance.service");
	const before = host.snapshot();
	// New rings start over with the interrupt masks.
	const withRings = (rings: string): Setting[] => [
		exact("ethtool", "eth0.rings.rx", rings),
		{ ...exact("irqAffinity", "eth0.queues", "0-3"), match: "cpuSet" },
	];
	const applied = (rings: string) =>
		host.run("apply", { settings: withRings(rings) });
	expect(applied("1024")).toMatchObject({ status: 0, stderr: "" });
	expect(applied("2048")).toMatchObject({ status: 0, stderr: "" });
	expect(host.run("check").status).toBe(0);
	expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
	host.install();
	expect(diffTrees(before, host.snapshot())).toEqual([]);
});

test("a service that a package brings is tuned by the same run, and reverted", () => {
	const host = installedHost();
	const unit = "usr/lib/systemd/system/irqbalance.service";
	host.write(".lab/brought", host.read(unit));
	for (const path of [
		unit,
		"etc/systemd/system/multi-user.target.wants/irqbalance.service",
		".lab/active/irqbalance.service",
		"proc/812",
	]) {
		host.remove(path);
	}
	host.write("var/lib/dpkg/packages.lab", "libnuma1 ii 2.0.16-1 -\n");
	const before = host.snapshot();
	const path = commandInFront(
		"apt-get",
		`apt-get "$@" || exit
case " $* " in
*' -s '*) ;;
*' install '*) cp "$ROOT/.lab/brought" "$ROOT/${unit}" ;;
*' remove '*) rm "$ROOT/${unit}" ;;
esac`,
	);
	const declared: Setting[] = [
		exact("packages", "irqbalance", "present"),
		{ ...exact("irqbalance", "bannedCpus", "8-15"), match: "cpuSet" },
	];
	const run = host.run("apply", { settings: declared, path });
	expect(run).toMatchObject({ status: 0, stderr: "" });
	expect(host.read("etc/default/irqbalance")).toContain("CPULIST=8-15");
	expect(host.run("apply", { settings: declared, path }).stdout).toBe("");
	const forgotten = disposeAfterTest(host.clone());
	expect(forgotten.run("apply", { path })).toMatchObject({
		status: 0,
		stderr: "",
	});
	expect(forgotten.run("revert", { path }).status).toBe(0);
	forgotten.install();
	expect(diffTrees(before, forgotten.snapshot())).toEqual([]);
	expect(host.run("revert", { path })).toMatchObject({ status: 0, stderr: "" });
	host.install();
	expect(diffTrees(before, host.snapshot())).toEqual([]);
});

test("a boot brings back what the kernel forgot", () => {
	const host = installedHost();
	const pristine = mkdtempSync(join(tmpdir(), "metaltune-pristine-"));
	writeTree(pristine, "debian-12");
	const declared = [
		...settings,
		{ ...exact("hugePages", "node0.2048kB", "64"), match: "atLeast" as const },
		exact("hugePages", "mount./mnt/hugepages", "pagesize=2M"),
		exact("memory", "swap", "off"),
	];
	host.run("apply", { settings: declared });
	const boot = spawnSync(join(__dirname, "../../lab/light/boot"), [
		host.root,
		pristine,
	]);
	expect({ status: boot.status, stderr: boot.stderr.toString() }).toEqual({
		status: 0,
		stderr: "",
	});
	const { findings } = parseReport(
		host.run("probe", { settings: declared }).stdout,
		declared,
	);
	expect(findings.filter(({ verdict }) => verdict !== "ok")).toEqual([]);
});

describe("memory for huge pages that a boot was short of", () => {
	const pool = (size: string) =>
		`sys/devices/system/node/node0/hugepages/hugepages-${size}/nr_hugepages`;
	const declared = [
		...settingsFromYaml(hugePages, "{1G: {node0: 2}, 2M: {node1: 1000000}}"),
		exact("memory", "ksm", "0"),
	];

	/** A host that has no more, and got back what a NIC or a boot forgets. */
	function shortHost(): FakeHost {
		const host = installedHost();
		host.write(
			"proc/cmdline",
			"root=/dev/vda1 ro hugepagesz=1G hugepages=0:2\n",
		);
		expect(host.run("apply", { settings: declared }).status).toBe(65);
		host.write("sys/kernel/mm/ksm/run", "1\n");
		for (const name of ["drop_caches", "compact_memory"]) {
			host.write(`proc/sys/vm/${name}`, "0\n");
		}
		host.write(".lab/gigantic", "");
		return host;
	}

	test("is looked for by a boot, at run time too", () => {
		const host = shortHost();
		host.write("proc/uptime", "599.99 12.00\n");
		expect(host.run("boot").status).toBe(65);
		expect(host.read(pool("1048576kB"))).toBe("2\n");
		expect(host.read("proc/sys/vm/drop_caches")).toBe("3\n");
	});

	test("is not requested when an interface comes up later, but by apply", () => {
		const host = shortHost();
		host.write("proc/uptime", "600.00 12.00\n");
		expect(host.run("boot").status).toBe(65);
		expect(host.read("sys/kernel/mm/ksm/run")).toBe("0\n");
		expect(host.read(pool("1048576kB"))).toBe("0\n");
		expect(host.read("proc/sys/vm/drop_caches")).toBe("0\n");
		expect(host.read("proc/sys/vm/compact_memory")).toBe("0\n");
		host.run("apply", { settings: declared });
		expect(host.read(pool("1048576kB"))).toBe("2\n");
		expect(host.read("proc/sys/vm/drop_caches")).toBe("3\n");
	});
});
