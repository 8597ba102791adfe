/**
 * The verbs about applications: what a deployment refuses, how it returns to the last release,
 * and what it leaves alone. Their contract is in applications.test.ts.
 */
import {
	type ChildProcess,
	execFileSync,
	spawn,
	spawnSync,
} from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
	chownSync,
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applications } from "../../applications/applicationSettings";
import { parseReport } from "../../host/protocol";
import type { Setting } from "../../model/settings";
import type { FakeHost, Run } from "../support/hostRun";
import { settingsFromYaml } from "../support/inventory";
import { installedHost } from "../support/newHost";

jest.setTimeout(60_000);

const directories: string[] = [];
afterEach(() => {
	for (const each of directories.splice(0)) rmSync(each, { recursive: true });
});

function newDirectory(): string {
	const directory = mkdtempSync(join(tmpdir(), "metaltune-deploy-"));
	directories.push(directory);
	return directory;
}

const hashOf = (bytes: string | Buffer) =>
	createHash("sha256").update(bytes).digest("hex");

const good = (version: string) =>
	`#!/bin/sh\n# lab: threads io-0\n# ${version}\n`;
const crashing = "#!/bin/sh\n# lab: crashes\n";
const at = "opt/metaltune/fx";
const unit = "metaltune-fx.service";

function settingsOf(yaml: string, binary: string | Buffer, name = "fx") {
	const sha256 = hashOf(binary);
	return settingsFromYaml(
		applications,
		`fx: {binary: ${name}, sha256: ${sha256}, ${yaml}}`,
	);
}

/** Applies, uploads and deploys; `path` goes in front of PATH. */
function deploy(
	host: FakeHost,
	binary: string,
	yaml = "taskset: 8-11",
	path?: string,
): Run {
	const settings = settingsOf(yaml, binary);
	expect(host.run("apply", { settings })).toMatchObject({ status: 0 });
	host.write(`root/.metaltune-fx-${hashOf(binary)}`, binary);
	return host.run("deploy", { settings, ...(path && { path }) });
}

/** A directory for the front of PATH: a script is what happens meanwhile. */
function meanwhile(script: string): string {
	const directory = newDirectory();
	writeFileSync(join(directory, "sleep"), `#!/bin/sh\n${script}\n`, {
		mode: 0o755,
	});
	return directory;
}

function linkOf(host: FakeHost, name: string): string {
	return readlinkSync(join(host.root, at, name)).replace("releases/", "");
}

const pidOf = (host: FakeHost) => host.read(`.lab/pid/${unit}`).trim();
const started = (host: FakeHost) =>
	host.snapshot({ writes: true }).get(`${at}/started`)?.written;

function notOk(host: FakeHost, settings: readonly Setting[]) {
	const { findings } = parseReport(
		host.run("probe", { settings }).stdout,
		settings,
	);
	return findings
		.filter(({ verdict }) => verdict !== "ok")
		.map(({ setting, live }) => `${setting.key}: ${live?.text}`);
}

describe("a release that does not come up", () => {
	test("is stopped where none has worked yet, and says what it said", () => {
		const host = installedHost();
		host.write(`.lab/log/${unit}`, "no book \u001b[2J\n".repeat(30));
		const run = deploy(host, crashing);
		expect(run.status).toBe(65);
		expect(run.stderr).toContain("fx.running  running   failed");
		expect(run.stderr).toContain("  no book ^[[2J\n");
		expect(run.stderr.split("no book")).toHaveLength(21);
		expect(run.stderr).toContain("stopped, as no release has worked");
		expect(existsSync(join(host.root, ".lab/active", unit))).toBe(false);
		expect(
			existsSync(
				join(host.root, "etc/systemd/system/multi-user.target.wants", unit),
			),
		).toBe(false);
		expect(deploy(host, good("1"))).toMatchObject({ status: 0, stderr: "" });
	});

	test("gives way to the one before it, with its unit and files", () => {
		const host = installedHost();
		const first =
			"args: [old], files: [{path: /etc/fx.conf, content: old}, {path: /etc/only.conf, content: x}]";
		host.write("etc/fx.conf", "before us");
		expect(deploy(host, good("1"), first).status).toBe(0);
		const worked = linkOf(host, "current");
		const second =
			"args: [new], files: [{path: /etc/fx.conf, content: new}], health: {command: ['false'], timeoutSeconds: 1}";
		const run = deploy(host, good("2"), second);
		expect(run.status).toBe(65);
		expect(run.stderr).toContain(`returned to release ${worked}, which is up`);
		expect(linkOf(host, "current")).toBe(worked);
		expect(host.read(`etc/systemd/system/${unit}`)).toContain("/fx old\n");
		expect(host.read("etc/fx.conf")).toBe("old");
		expect(host.read("etc/only.conf")).toBe("x");
		expect(deploy(host, good("3"), "args: [newest]").status).toBe(0);
		expect(linkOf(host, "previous")).toBe(worked);
		expect(host.read("etc/fx.conf")).toBe("before us");
		expect(existsSync(join(host.root, "etc/only.conf"))).toBe(false);
	});

	test("is said to be alone when the one before fails too", () => {
		const host = installedHost();
		expect(deploy(host, good("1")).status).toBe(0);
		const program = `${at}/current/fx`;
		host.write(program, crashing);
		const run = deploy(host, crashing, "args: [new]");
		expect(run.status).toBe(65);
		expect(run.stderr).toContain("but that does not come up either");
	});
});

test("two releases and their artifacts are kept, no more", () => {
	const host = installedHost();
	for (const version of ["1", "2", "3"]) {
		expect(deploy(host, good(version)).status).toBe(0);
	}
	const names = readdirSync(join(host.root, at, "releases"));
	expect(names.filter((name) => name.endsWith(".settings"))).toHaveLength(2);
	expect(names).toHaveLength(6);
	expect(readdirSync(join(host.root, at, "artifacts")).toSorted()).toEqual(
		[hashOf(good("2")), hashOf(good("3"))].toSorted(),
	);
});

describe("release-back", () => {
	test("starts the one before, and the one after it when asked again", () => {
		const host = installedHost();
		deploy(host, good("1"));
		const [first] = [linkOf(host, "current")];
		expect(host.run("release-back fx")).toMatchObject({
			status: 65,
			stderr: expect.stringContaining("no previous release"),
		});
		deploy(host, good("2"));
		const second = linkOf(host, "current");
		expect(host.run("release-back fx")).toEqual({
			status: 0,
			stdout: `applications fx ${second} -> ${first}\n`,
			stderr: "",
		});
		expect(host.read(`${at}/current/fx`)).toBe(good("1"));
		expect(host.run("release-back fx").stdout).toContain(`-> ${second}`);
	});

	test("knows the host's applications only", () => {
		const host = installedHost();
		deploy(host, good("1"));
		for (const name of ["other", "../fx", ""]) {
			expect(host.run(`release-back ${name}`.trim())).toMatchObject({
				status: 64,
				stderr: expect.stringContaining("there are: fx"),
			});
		}
	});
});

describe("an upload", () => {
	test("that is missing is requested", () => {
		const host = installedHost();
		const settings = settingsOf("taskset: 8", "x");
		host.run("apply", { settings });
		expect(host.run("deploy", { settings })).toMatchObject({
			status: 65,
			stderr: expect.stringContaining("nor uploaded to /root; run `pulumi up"),
		});
	});

	test("with another hash is not used", () => {
		const host = installedHost();
		const settings = settingsOf("taskset: 8", "x");
		host.run("apply", { settings });
		host.write(`root/.metaltune-fx-${hashOf("x")}`, "y");
		const run = host.run("deploy", { settings });
		expect(run.stderr).toContain(`SHA-256 ${hashOf("y")}, expected`);
		expect(existsSync(join(host.root, at, "current"))).toBe(false);
	});

	test("is refused before these settings were applied", () => {
		const host = installedHost();
		expect(
			host.run("deploy", { settings: settingsOf("taskset: 8", "x") }),
		).toMatchObject({
			status: 64,
			stderr: expect.stringContaining("settings that have been applied"),
		});
	});
});

describe("an archive", () => {
	/** Packs what the script leaves in its directory. */
	function archive(script: string, ...options: readonly string[]): Buffer {
		const directory = newDirectory();
		execFileSync("sh", ["-euc", script], { cwd: directory });
		return execFileSync("tar", [...options, "-cz", "-C", directory, "."]);
	}

	function deployArchive(host: FakeHost, bytes: Buffer, more = ""): Run {
		const yaml = `executable: bin/fx${more}`;
		const settings = settingsOf(yaml, bytes, "fx.tar.gz");
		host.run("apply", { settings });
		const name = `root/.metaltune-fx-${hashOf(bytes)}`;
		writeFileSync(join(host.root, name), bytes);
		return host.run("deploy", { settings });
	}
	const program = `mkdir bin; printf '#!/bin/sh\\n' >bin/fx; chmod 4777 bin/fx`;

	test("is unpacked, and only root can change it", () => {
		const host = installedHost();
		const run = deployArchive(host, archive(`${program}; ln -s bin/fx fx`));
		expect(run).toMatchObject({ status: 0, stderr: "" });
		const mode = host
			.snapshot()
			.get(`${at}/releases/${linkOf(host, "current")}/bin/fx`);
		expect(mode).toMatchObject({ mode: "0755" });
	});

	test.each([
		["root", "", "0600", undefined],
		["the application's group", ", user: daemon", "0640", 1],
	])("keeps what is private in it for %s", (_, more, mode, gid) => {
		const host = installedHost();
		const script = `${program}; echo secret >key; chmod 600 key`;
		const run = deployArchive(host, archive(script), more);
		expect(run).toMatchObject({ status: 0, stderr: "" });
		const release = `${at}/releases/${linkOf(host, "current")}`;
		const snapshot = host.snapshot();
		expect(snapshot.get(`${release}/key`)).toMatchObject({ mode });
		expect(snapshot.get(release)).toMatchObject({ mode: "0755" });
		if (process.getuid?.() !== 0 || gid === undefined) return;
		expect(statSync(join(host.root, release, "key")).gid).toBe(gid);
	});

	test.each([
		["a name outside of it", program, "--transform=s,bin/fx,../../evil,"],
		["an absolute link", `${program}; ln -s /etc/passwd conf`, ""],
		["a link out of it", `${program}; ln -s ../../../../etc conf`, ""],
		["a pipe", `${program}; mkfifo pipe`, ""],
		["no program", "echo >readme", ""],
	])("with %s is refused", (_, script, option) => {
		const host = installedHost();
		const options = option === "" ? [] : ["-P", option];
		const run = deployArchive(host, archive(script, ...options));
		expect(run.status).toBe(65);
		expect(run.stderr).toMatch(/refused: |expected an executable bin\/fx/);
		expect(existsSync(join(host.root, at, "current"))).toBe(false);
		expect(existsSync(join(host.root, at, "evil"))).toBe(false);
	});
});

describe("what was changed by hand", () => {
	const yaml =
		"taskset: 8-11, threads: {io-*: {cpus: 8, policy: fifo, priority: 50}}";
	test("is a thread: it is moved back, and nothing is restarted", () => {
		const host = installedHost();
		deploy(host, good("1"), yaml);
		const settings = settingsOf(yaml, good("1"));
		const before = started(host);
		const pid = pidOf(host);
		const thread = `proc/${pid}/task/${Number(pid) + 100000}`;
		const status = host.read(`${thread}/status`);
		host.write(`${thread}/status`, status.replace(/list:.*/, "list:\t0-15"));
		expect(notOk(host, settings)).toEqual(["fx.threads.io-*.cpus: 0-15"]);
		expect(host.run("deploy", { settings })).toMatchObject({ status: 0 });
		expect(notOk(host, settings)).toEqual([]);
		expect(host.read(`${thread}/status`)).toBe(status);
		expect(started(host)).toBe(before);
	});

	test("is the process: the first thread that deviates is named", () => {
		const host = installedHost();
		deploy(host, good("1"), yaml);
		const settings = settingsOf(yaml, good("1"));
		const before = started(host);
		const pid = pidOf(host);
		const task = `proc/${pid}/task/${pid}`;
		host.write(
			`${task}/status`,
			host.read(`${task}/status`).replace(/list:.*/, "list:\t0-15"),
		);
		expect(notOk(host, settings)).toEqual(["fx.cpus: 0-15"]);
		expect(host.run("deploy", { settings })).toMatchObject({ status: 0 });
		expect(notOk(host, settings)).toEqual([]);
		expect(started(host)).not.toBe(before);
	});

	test("is what the next boot does: nothing is restarted either", () => {
		const host = installedHost();
		deploy(host, good("1"), yaml);
		const settings = settingsOf(yaml, good("1"));
		const before = started(host);
		const wants = `etc/systemd/system/multi-user.target.wants/${unit}`;
		host.remove(wants);
		expect(host.run("deploy", { settings })).toMatchObject({ status: 0 });
		expect(host.snapshot().get(wants)?.type).toBe("link");
		expect(started(host)).toBe(before);
	});

	test("is a process that outlives its unit", () => {
		const host = installedHost();
		deploy(host, good("1"), yaml);
		const settings = settingsOf(yaml, good("1"));
		rmSync(join(host.root, ".lab/active", unit));
		host.write(`proc/${pidOf(host)}/cgroup`, login);
		expect(notOk(host, settings)).toContain(
			`fx.running: inactive, but process ${pidOf(host)} runs outside of its unit`,
		);
	});
});

/** The control group of a login session. */
const login = "0::/user.slice/user-0.slice/session-3.scope\n";

/** Where the program of the current release really is. */
const programOf = (host: FakeHost) =>
	`/${at}/releases/${linkOf(host, "current")}/fx`;

/** A process that is there, but not by the unit. */
function runBeside(
	host: FakeHost,
	pid: number,
	of: {
		readonly program: string;
		readonly words?: readonly string[];
		readonly group?: string;
		readonly numbers?: string;
	},
): void {
	const { program, words = [program], group = login, numbers = pid } = of;
	host.write(`proc/${pid}/cmdline`, words.map((word) => `${word}\0`).join(""));
	host.write(`proc/${pid}/cgroup`, group);
	host.write(`proc/${pid}/status`, `Name:\tx\nNSpid:\t${numbers}\n`);
	symlinkSync(program, join(host.root, `proc/${pid}/exe`));
}

describe("beside an active unit", () => {
	const yaml = "taskset: 8-11, loadTest: {command: [./fx, --load]}";
	const settings = settingsOf(yaml, good("1"));

	function running(): FakeHost {
		const host = installedHost();
		deploy(host, good("1"), yaml);
		expect(notOk(host, settings)).toEqual([]);
		return host;
	}

	test.each<[string, (host: FakeHost) => string]>([
		["this release", programOf],
		["one that was replaced", (host) => `${programOf(host)} (deleted)`],
		["another release", () => `/${at}/releases/${"0".repeat(64)}/fx`],
	])("a process of %s is found, and no deployment hides it", (_name, of) => {
		const host = running();
		runBeside(host, 777, { program: of(host) });
		expect(notOk(host, settings)).toEqual([
			"fx.running: running, but process 777 runs outside of its unit",
		]);
		const before = started(host);
		const path = meanwhile("");
		const again = host.run("deploy", { settings, path });
		expect(again.status).toBe(65);
		expect(again.stderr).toBe(
			`metaltune: applications fx: process 777 runs its program outside of ${unit}, where nothing pins it; end it\n`,
		);
		expect(started(host)).toBe(before);
		// Nor does it hold up the next release, or bring the one before it back.
		const next = deploy(host, good("2"), yaml, path);
		expect(next.status).toBe(65);
		expect(next.stderr).toContain("process 777 runs");
		expect(host.read(`${at}/healthy`).trim()).toBe(linkOf(host, "current"));
		expect(started(host)).not.toBe(before);
		host.remove("proc/777");
		expect(notOk(host, settingsOf(yaml, good("2")))).toEqual([]);
	});

	test("a tool of the release that soon ends fails no deployment", () => {
		const host = running();
		runBeside(host, 777, { program: programOf(host) });
		const path = meanwhile('rm -r "$ROOT/proc/777"');
		expect(host.run("deploy", { settings, path })).toEqual({
			status: 0,
			stdout: "",
			stderr: "",
		});
		expect(existsSync(join(host.root, "proc/777"))).toBe(false);
	});

	test("one tool after another fails none, but hides none that stays", () => {
		const host = running();
		runBeside(host, 701, { program: programOf(host) });
		const path = meanwhile(
			'cd "$ROOT/proc" && for tool in 70?; do mv $tool $((tool + 1)); done',
		);
		expect(host.run("deploy", { settings, path })).toMatchObject({ status: 0 });
		expect(existsSync(join(host.root, "proc/703"))).toBe(true);
		runBeside(host, 777, { program: programOf(host) });
		const ends = meanwhile('rm -rf "$ROOT"/proc/70?');
		const again = host.run("deploy", { settings, path: ends });
		expect(again.status).toBe(65);
		expect(again.stderr).toContain("process 777 runs its program");
	});

	test("that belongs to another unit is not counted", () => {
		const host = running();
		const program = programOf(host);
		const group = `0::/system.slice/${unit}/worker\n`;
		runBeside(host, 701, { program, group });
		runBeside(host, 702, {
			program,
			group: `12:cpuset:/\n1:name=systemd:/system.slice/${unit}\n`,
		});
		runBeside(host, 703, { program, numbers: "703\t7" });
		runBeside(host, 704, { program, words: ["./fx", "--load"] });
		runBeside(host, 705, { program: "/usr/bin/fx" });
		runBeside(host, 706, { program: `/opt/metaltune/fx-store/releases/1/fx` });
		// Ended since, or hidden because another account owns it.
		runBeside(host, 707, { program });
		host.remove("proc/707/cgroup");
		host.write("proc/708/cgroup", login);
		host.write("proc/708/cmdline", `${program}\0`);
		expect(notOk(host, settings)).toEqual([]);
		expect(host.run("deploy", { settings })).toEqual({
			status: 0,
			stdout: "",
			stderr: "",
		});
	});

	test("a program of a package counts when its arguments are the same", () => {
		const host = installedHost();
		host.write("usr/bin/python3", good("1"));
		const own = settingsFromYaml(
			applications,
			"fx: {path: /usr/bin/python3, args: [app.py, a b], taskset: 8-11}",
		);
		expect(host.run("apply", { settings: own }).status).toBe(0);
		expect(host.run("deploy", { settings: own }).status).toBe(0);
		const words = ["/usr/bin/python3", "app.py", "a b"];
		host.write(
			`proc/${pidOf(host)}/cmdline`,
			words.map((word) => `${word}\0`).join(""),
		);
		const program = "/usr/bin/python3";
		runBeside(host, 701, { program, words: ["python3", "other.py"] });
		runBeside(host, 702, { program, words: ["python3", "app.py", "a", "b"] });
		expect(notOk(host, own)).toEqual([]);
		runBeside(host, 703, { program, words: ["python3", "app.py", "a b"] });
		expect(notOk(host, own)).toEqual([
			"fx.running: running, but process 703 runs outside of its unit",
		]);
	});
});

describe("while systemd is at it", () => {
	const yaml = "taskset: 8-11, threads: {io-*: {cpus: 8-9}}";

	test("placement of its threads is unreadable just after the start", () => {
		const host = installedHost();
		deploy(host, good("1"), yaml);
		host.write(`.lab/activating/${unit}`, "start-post\n");
		const settings = settingsOf(yaml, good("1"));
		const { findings } = parseReport(
			host.run("probe", { settings }).stdout,
			settings,
		);
		const told = findings.map(
			({ setting, verdict, live }) =>
				[setting.key, verdict, live?.text] as const,
		);
		const reason = "its unit is still starting it; look again";
		expect(told.filter(([, verdict]) => verdict !== "ok")).toEqual([
			["fx.cpus", "unreadable", reason],
			["fx.running", "unreadable", reason],
			["fx.threads.io-*.cpus", "unreadable", reason],
		]);
	});

	test("a deployment waits for it, and restarts nothing", () => {
		const host = installedHost();
		deploy(host, good("1"), yaml);
		const before = started(host);
		host.write(`.lab/activating/${unit}`, "start-post\n");
		const path = meanwhile(`rm "$ROOT/.lab/activating/${unit}"`);
		const settings = settingsOf(yaml, good("1"));
		expect(host.run("deploy", { settings, path })).toEqual({
			status: 0,
			stdout: "",
			stderr: "",
		});
		expect(started(host)).toBe(before);
		expect(notOk(host, settings)).toEqual([]);
	});

	test("one that ended and waits for its next start does not run", () => {
		const host = installedHost();
		deploy(host, good("1"), "taskset: 8-11");
		host.write(`.lab/activating/${unit}`, "auto-restart\n");
		expect(notOk(host, settingsOf("taskset: 8-11", good("1")))).toContain(
			"fx.running: activating (auto-restart)",
		);
	});
});

test("the group of the hugetlbfs mounts is joined, where they have one", () => {
	if (process.getuid?.() !== 0) return;
	const host = installedHost();
	host.write("mnt/huge/.keep", "");
	const mounts = host.read("proc/mounts");
	host.write("proc/mounts", `${mounts}none /mnt/huge hugetlbfs rw 0 0\n`);
	chownSync(join(host.root, "mnt/huge"), 0, 600);
	const binary = "#!/bin/sh\n# lab: hugetlb 2048\n";
	host.write("etc/passwd", `${host.read("etc/passwd")}fx:x:1234:1234::/:/x\n`);
	const yaml = "hugetlbfs: true, user: fx";
	expect(deploy(host, binary, yaml)).toMatchObject({ status: 0 });
	const dropIn = `etc/systemd/system/${unit}.d/hugetlbfs.conf`;
	expect(host.read(dropIn)).toBe("[Service]\nSupplementaryGroups=600\n");
	chownSync(join(host.root, "mnt/huge"), 0, 601);
	expect(notOk(host, settingsOf(yaml, binary))).toEqual([
		"fx.hugetlbfs: not of group 601",
	]);
});

test("new threads and checks are taken without a restart", () => {
	const host = installedHost();
	deploy(host, good("1"), "taskset: 8-11");
	const before = host.snapshot({ writes: true }).get(`${at}/started`)?.written;
	const yaml =
		"taskset: 8-11, health: {command: ['true']}, loadTest: {command: [echo, loaded]}";
	const settings = settingsOf(yaml, good("1"));
	host.run("apply", { settings });
	expect(host.run("deploy", { settings })).toMatchObject({ status: 0 });
	const { written } =
		host.snapshot({ writes: true }).get(`${at}/started`) ?? {};
	expect(written).toBe(before);
	expect(
		host.read(`${at}/releases/${linkOf(host, "current")}.settings`),
	).toContain("fx.health");
	expect(host.run("load-test fx")).toEqual({
		status: 0,
		stdout: "loaded\n",
		stderr: "",
	});
});

describe("health", () => {
	function deployWith(host: FakeHost, health: string): Run {
		return deploy(host, good("1"), `health: {${health}, timeoutSeconds: 1}`);
	}

	test("by port looks into the kernel's table of sockets", () => {
		const host = installedHost();
		const line = (state: string) =>
			`  sl  local_address rem_address   st\n   0: 0100007F:2328 00000000:0000 ${state} 0\n`;
		host.write("proc/net/tcp", line("01"));
		expect(deployWith(host, "tcp: 9000").stderr).toContain(
			"no process listens on port 9000",
		);
		host.write("proc/net/tcp6", line("0A"));
		expect(deployWith(host, "tcp: 9000").status).toBe(0);
	});

	test("is waited for by the time since the boot, not by the clock", () => {
		const host = installedHost();
		const up = join(host.root, "up");
		const path = meanwhile(`echo >>'${up}'`);
		// A clock that is set hours ahead with every look.
		writeFileSync(
			join(path, "date"),
			`#!/bin/sh\necho >>'${up}.date'\nwc -l <'${up}.date' | awk '{ print $1 * 10000 }'\n`,
			{ mode: 0o755 },
		);
		const health = `health: {command: [test, -s, '${up}'], timeoutSeconds: 5}`;
		expect(deploy(host, good("1"), health, path)).toMatchObject({
			status: 0,
			stderr: "",
		});
	});

	test("by HTTP wants the status that is declared", async () => {
		const server = spawn(process.execPath, [
			"-e",
			"const s = require('node:http').createServer((q, a) => { a.statusCode = 204; a.end() }); s.listen(0, '127.0.0.1', () => console.log(s.address().port))",
		]);
		const port = await new Promise<string>((resolve) =>
			server.stdout.once("data", (text) => resolve(String(text).trim())),
		);
		try {
			const url = `http: 'http://127.0.0.1:${port}/health'`;
			const host = installedHost();
			expect(deployWith(host, url).stderr).toContain(
				"answered 204, expected 200",
			);
			expect(deployWith(host, `${url}, status: 204`).status).toBe(0);
		} finally {
			server.kill();
		}
	});
});

test("the placement of real processes is read from the real /proc", async () => {
	const host = installedHost();
	const yaml =
		"taskset: 0, nice: 5, scheduler: {policy: batch}, limits: {nofile: 4321}";
	deploy(host, good("1"), yaml);
	const settings = settingsOf(yaml, good("1"));
	const child = spawn("taskset", [
		..."-c 0 nice -n 5 chrt -b 0 prlimit --nofile=4321 sleep 100.04321".split(
			" ",
		),
	]);
	let stray: ChildProcess | undefined;
	try {
		rmSync(join(host.root, "proc"), { recursive: true });
		symlinkSync("/proc", join(host.root, "proc"));
		rmSync(join(host.root, "sys/fs"), { recursive: true });
		host.write(`.lab/pid/${unit}`, String(child.pid));
		const until = Date.now() + 5000;
		while (
			!readFileSync(`/proc/${child.pid}/comm`, "utf8").startsWith("sleep")
		) {
			if (Date.now() > until) throw new Error("sleep did not start");
			spawnSync("sleep", ["0.05"]);
		}
		expect(notOk(host, settings)).toEqual([]);
		execFileSync("renice", ["-n", "7", "-p", String(child.pid)]);
		execFileSync("prlimit", ["--nofile=99", "-p", String(child.pid)]);
		expect(notOk(host, settings)).toEqual([
			"fx.limits.nofile: 99",
			"fx.nice: 7",
		]);
		stray = spawn("sleep", ["100.04321"]);
		await once(stray, "spawn");
		expect(notOk(host, settings)).toContain(
			`fx.running: running, but process ${stray.pid} runs outside of its unit`,
		);
	} finally {
		child.kill();
		stray?.kill();
		rmSync(join(host.root, "proc"));
	}
});

test.each(["mawk", "gawk", "busybox awk"])(
	"%s reads the same of threads and processes, where there is one",
	(awk) => {
		const [command = ""] = awk.split(" ");
		if (spawnSync("sh", ["-c", `command -v ${command}`]).status !== 0) return;
		const path = newDirectory();
		writeFileSync(join(path, "awk"), `#!/bin/sh\nexec ${awk} "$@"\n`, {
			mode: 0o755,
		});
		const host = installedHost();
		const yaml =
			"numactl: {cpunodebind: 0, interleave: all}, taskset: 8-11, nice: -5, threads: {io-*: {cpus: 8, policy: rr, priority: 9}}, limits: {rtprio: 9}, files: [{path: a/b.toml, content: x}], health: {command: ['true']}";
		const settings = settingsOf(yaml, good("1"));
		host.run("apply", { settings, path });
		host.write(`root/.metaltune-fx-${hashOf(good("1"))}`, good("1"));
		expect(host.run("deploy", { settings, path })).toMatchObject({
			status: 0,
			stderr: "",
		});
		expect(host.run("check", { path })).toMatchObject({ status: 0 });
		runBeside(host, 777, { program: programOf(host) });
		runBeside(host, 778, { program: programOf(host), numbers: "778\t7" });
		const { stdout } = host.run("probe", { settings, path });
		expect(stdout).toContain("running, but process 777 runs");
		expect(stdout).toBe(host.run("probe", { settings }).stdout);
	},
);

test("systemd accepts the unit, and reads each word as it was declared", () => {
	const found = spawnSync("systemd-analyze", ["--version"]);
	if (found.status !== 0) return;
	const directory = newDirectory();
	const [setting] = settingsFromYaml(
		applications,
		`fx: {path: /bin/true, args: ["50%", $HOME, 'a "b" \\c', ";", ""], environment: {A: "x y%"}, numactl: {interleave: all}, taskset: "0", nice: -20, scheduler: {policy: fifo, priority: 99}, limits: {memlock: unlimited}, capabilities: [CAP_SYS_NICE], threads: {x: {cpus: 0}}}`,
	).filter(({ key }) => key === "fx.unit");
	const text = setting?.content ?? "";
	const file = join(directory, unit);
	// numactl is not needed to read a unit.
	writeFileSync(file, text.replace("/usr/bin/numactl", "/bin/true"));
	const run = spawnSync("systemd-analyze", ["verify", "--man=no", file], {
		encoding: "utf8",
	});
	expect(run.stderr.split("\n").filter((line) => line.includes(unit))).toEqual(
		[],
	);
});
