/** A run that hangs is ended, says at what, and is completed by the next one. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { settingsStream } from "../../host/protocol";
import { memory } from "../../tunables/memory";
import { sysctl } from "../../tunables/sysctl";
import { settingsFromYaml } from "../support/inventory";
import { installedHost } from "../support/newHost";
import { diffTrees } from "../support/tree";

const directories: string[] = [];
afterEach(() => {
	for (const each of directories.splice(0)) rmSync(each, { recursive: true });
});

const settings = [
	...settingsFromYaml(sysctl, "vm.swappiness: 7"),
	...settingsFromYaml(memory, "transparentHugePages: never"),
];

/** A `tee` that never ends at one file, and what tells its processes apart. */
function hangingTee(file: string, before = "") {
	const path = mkdtempSync(join(tmpdir(), "metaltune-hang-"));
	directories.push(path);
	const script = `#!/bin/sh
PATH=\${PATH#*:}
case $1 in
*${file}*) ${before}
	exec tail -f "$0" ;;
esac
exec tee "$@"
`;
	writeFileSync(join(path, "tee"), script, { mode: 0o755 });
	const isLeft = () =>
		spawnSync("pgrep", ["-f", join(path, "tee")]).status === 0;
	return { path, isLeft };
}

/** A command that never ends. */
function hangingCommand(name: string) {
	const path = mkdtempSync(join(tmpdir(), "metaltune-hang-"));
	directories.push(path);
	writeFileSync(join(path, name), '#!/bin/sh\nexec tail -f "$0"\n', {
		mode: 0o755,
	});
	const isLeft = () =>
		spawnSync("pgrep", ["-f", join(path, name)]).status === 0;
	return { path, isLeft };
}

test("a hanging step is named and ended, and the next run completes it", () => {
	const host = installedHost();
	const { path, isLeft } = hangingTee("transparent_hugepage");
	const run = host.run("--limit=20 apply", { settings, path });
	expect(run.status).not.toBe(0);
	expect(run.stderr).toMatch(
		/^metaltune: \S+: apply did not end within 20 s and was ended at: .*tail -f .*\/tee; find out on the host why that hangs, or raise connection\.timeouts\.applySeconds in the inventory, then run `pulumi up --refresh`$/m,
	);
	expect(isLeft()).toBe(false);
	expect(host.run("probe", { settings }).stdout).toContain(
		"interrupted\tapply\n",
	);
	expect(host.run("apply", { settings })).toMatchObject({ status: 0 });
	expect(host.run("check").status).toBe(0);
});

test("a limit that was exceeded names the host as its inventory does", () => {
	const host = installedHost();
	const wanted = settingsStream(settings);
	const stdin = `owner\t0123456789abcdef\torg/prod\tfx-1\n${wanted}`;
	expect(host.run("apply", { stdin })).toMatchObject({ status: 0 });
	host.write("proc/sys/vm/swappiness", "60\n");
	const { path } = hangingTee("swappiness");
	expect(host.run("--limit=10 apply", { settings, path }).stderr).toMatch(
		/^metaltune: fx-1: apply did not end within 10 s/m,
	);
});

test.each([
	["probe --installed", "probeSeconds"],
	["want", "probeSeconds"],
	["revert", "revertSeconds"],
	["deploy", "deploySeconds"],
])("%s that hangs is ended, and names %s", (verb, key) => {
	const host = installedHost();
	expect(host.run("apply", { settings })).toMatchObject({ status: 0 });
	const { path, isLeft } = hangingCommand("sha256sum");
	const run = host.run(`--limit=10 ${verb}`, { settings, path });
	expect(run.status).not.toBe(0);
	expect(run.stderr).toMatch(
		new RegExp(
			`${verb.split(" ")[0]} did not end within 10 s and was ended at: .*raise connection\\.timeouts\\.${key} in the inventory`,
		),
	);
	expect(isLeft()).toBe(false);
});

test("a process that ignores SIGTERM is killed", () => {
	const host = installedHost();
	const { path, isLeft } = hangingTee("swappiness", "trap '' TERM;");
	const run = host.run("--limit=10 apply", { settings, path });
	expect(run.stderr).toContain("did not end within 10 s");
	expect(isLeft()).toBe(false);
	// The lock went with it.
	expect(host.run("apply", { settings })).toMatchObject({ status: 0 });
});

test("a run that takes long says what it is at", () => {
	const host = installedHost();
	const { path } = hangingTee("swappiness");
	const { stderr } = host.run("--limit=40 apply", { settings, path });
	expect(stderr).toMatch(
		/^metaltune: apply has been running for 30 of at most 40 s, now at: .*tail -f/m,
	);
});

test("a run within its time says nothing of it, and leaves nothing running", () => {
	const host = installedHost();
	const run = host.run("--limit=600 apply --quiet", { settings });
	expect(run).toEqual({ status: 0, stdout: "", stderr: "" });
	const before = host.snapshot({ writes: true });
	expect(host.run("--limit=600 probe", { settings })).toMatchObject({
		status: 0,
		stderr: "",
	});
	expect(diffTrees(before, host.snapshot({ writes: true }))).toEqual([]);
	const left = spawnSync("pgrep", [
		"-f",
		`${host.root}/usr/local/sbin/metaltune`,
	]);
	expect(left.stdout.toString()).toBe("");
});

test("the watcher ends with the run, also with one that holds the lock", () => {
	const host = installedHost();
	const path = mkdtempSync(join(tmpdir(), "metaltune-sleep-"));
	directories.push(path);
	const ended = join(path, "ended");
	const script = `#!/bin/sh\n/bin/sleep 3\n: >'${ended}'\n`;
	writeFileSync(join(path, "sleep"), script, { mode: 0o755 });
	for (const verb of ["apply", "check", "revert"]) {
		const run = host.run(`--limit=600 ${verb}`, { settings, path });
		expect([verb, run.status]).toEqual([verb, 0]);
		// Its output is closed, although the second that it waits for goes on.
		expect([verb, existsSync(ended)]).toEqual([verb, false]);
	}
});

test.each(["", "0", "1m", "-1"])("--limit=%s is refused", (seconds) => {
	expect(installedHost().run(`--limit=${seconds} apply`)).toMatchObject({
		status: 64,
		stderr: expect.stringContaining("expected --limit=SECONDS"),
	});
});
