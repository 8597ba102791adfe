/**
 * A local user against root: what metaltune writes, keeps, puts back and reads
 * below a directory that the user owns. The user is real: the tests run as root,
 * which gives the directories away.
 */
import { execFileSync, spawnSync } from "node:child_process";
import {
	chmodSync,
	chownSync,
	existsSync,
	lchownSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { applications } from "../../applications/applicationSettings";
import { parseReport } from "../../host/protocol";
import type { Setting } from "../../model/settings";
import { files } from "../../tunables/files";
import { mounts } from "../../tunables/mounts";
import { users } from "../../tunables/users";
import type { FakeHost } from "../support/hostRun";
import { settingsFromYaml } from "../support/inventory";
import { newHost } from "../support/newHost";

const isRoot = process.getuid?.() === 0;
const asRoot = isRoot ? describe : describe.skip;
/** fx of the fake host, who is no account of this machine. */
const uid = 64123;
const secret = "root:$6$salt$hash:20000:0:99999:7:::\n";

/** A host with the account fx, its home, and a shadow that only root reads. */
function hostWithUser(): FakeHost {
	const host = newHost();
	// As /dev/shm/NAME is private, the user could not even reach its home.
	chmodSync(dirname(host.root), 0o755);
	chmodSync(host.root, 0o755);
	host.install();
	const passwd = join(host.root, "etc/passwd");
	writeFileSync(
		passwd,
		`${readFileSync(passwd, "utf8")}fx:x:${uid}:${uid}::/home/fx:/bin/sh\n`,
	);
	const group = join(host.root, "etc/group");
	writeFileSync(group, `${readFileSync(group, "utf8")}fx:x:${uid}:\n`);
	const shadow = join(host.root, "etc/shadow");
	writeFileSync(shadow, secret);
	chmodSync(shadow, 0o600);
	mkdirSync(join(host.root, "home/fx"), { recursive: true });
	chownSync(join(host.root, "home/fx"), uid, uid);
	return host;
}

function link(host: FakeHost, path: string, target: string): void {
	symlinkSync(relative(dirname(path), target), join(host.root, path));
	lchownSync(join(host.root, path), uid, uid);
}

function expectShadowUntouched(host: FakeHost): void {
	const shadow = join(host.root, "etc/shadow");
	expect(readFileSync(shadow, "utf8")).toBe(secret);
	expect(statSync(shadow)).toMatchObject({ uid: 0, gid: 0 });
	expect(statSync(shadow).mode & 0o7777).toBe(0o600);
}

const declared = (aspects = "owner: fx, mode: 0640") =>
	settingsFromYaml(
		files,
		`/home/fx/fx.conf: {content: "declared\\n", ${aspects}}`,
	);

const home = (host: FakeHost) => readdirSync(join(host.root, "home/fx"));

asRoot("a file below a user's directory", () => {
	test("is written by that user and belongs to it", () => {
		const host = hostWithUser();
		const settings = declared();
		const before = host.snapshot();
		expect(host.run("apply", { settings })).toMatchObject({
			status: 0,
			stderr: "",
		});
		const stat = statSync(join(host.root, "home/fx/fx.conf"));
		expect(host.read("home/fx/fx.conf")).toBe("declared\n");
		expect(stat).toMatchObject({ uid, gid: uid });
		expect(stat.mode & 0o777).toBe(0o640);
		expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
		const after = host.snapshot();
		expect([...after.keys()].filter((path) => !before.has(path))).toEqual([]);
	});

	test("is restored with its owner and mode", () => {
		const host = hostWithUser();
		const path = join(host.root, "home/fx/fx.conf");
		writeFileSync(path, "of the user\n", { mode: 0o600 });
		chownSync(path, uid, uid);
		const settings = declared();
		expect(host.run("apply", { settings })).toMatchObject({ status: 0 });
		expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
		expect(host.read("home/fx/fx.conf")).toBe("of the user\n");
		expect(statSync(path)).toMatchObject({ uid, gid: uid });
		expect(statSync(path).mode & 0o777).toBe(0o600);
		expect(home(host)).toEqual(["fx.conf"]);
	});

	test.each(["fx.conf.metaltune-new", "fx.conf"])(
		"a link %s before apply leads root nowhere",
		(name) => {
			const host = hostWithUser();
			link(host, `home/fx/${name}`, "etc/shadow");
			const settings = declared();
			expect(host.run("apply", { settings })).toMatchObject({ status: 0 });
			expectShadowUntouched(host);
			expect(host.read("home/fx/fx.conf")).toBe("declared\n");
			expect(host.run("revert")).toMatchObject({ status: 0 });
			expectShadowUntouched(host);
		},
	);

	test("a link before revert leads root nowhere, nor does one in its place", () => {
		const host = hostWithUser();
		const path = join(host.root, "home/fx/fx.conf");
		writeFileSync(path, "evil:x:0:0::/:/bin/sh\n");
		chownSync(path, uid, uid);
		const settings = declared();
		expect(host.run("apply", { settings })).toMatchObject({ status: 0 });
		link(host, "home/fx/fx.conf.metaltune-new", "etc/shadow");
		host.remove("home/fx/fx.conf");
		link(host, "home/fx/fx.conf", "etc/shadow");
		host.run("revert");
		expectShadowUntouched(host);
	});

	test("a directory that became a link leads root nowhere", () => {
		const host = hostWithUser();
		const settings = settingsFromYaml(
			files,
			'/home/fx/etc/shadow: {content: "evil:x:0\\n", mode: 0666, owner: fx}',
		);
		link(host, "home/fx/etc", "etc");
		expect(host.run("apply", { settings }).status).toBe(65);
		expectShadowUntouched(host);
		host.run("revert");
		expectShadowUntouched(host);
	});

	test("a probe says nothing of what only root may read", () => {
		const host = hostWithUser();
		link(host, "home/fx/fx.conf", "etc/shadow");
		mkdirSync(join(host.root, "home/fx/d"));
		chownSync(join(host.root, "home/fx/d"), uid, uid);
		link(host, "home/fx/d/etc", "etc");
		const settings = [
			...declared(),
			...settingsFromYaml(files, '/home/fx/d/etc/shadow: {content: "x"}'),
		];
		const run = host.run("probe", { settings });
		expect(run.status).toBe(0);
		const { facts } = parseReport(run.stdout, settings);
		expect(facts.map(({ key, text }) => [key, text])).toEqual(
			expect.arrayContaining([
				["/home/fx/fx.conf", "a symbolic link"],
				["/home/fx/d/etc/shadow", "Permission denied"],
			]),
		);
		expect(run.stdout).not.toMatch(/sha256:/);
	});

	test("a pipe or an endless file does not hold the probe", () => {
		const host = hostWithUser();
		const fifo = join(host.root, "home/fx/fx.conf");
		execFileSync("mkfifo", [fifo]);
		chownSync(fifo, uid, uid);
		const { facts } = parseReport(
			host.run("probe", { settings: declared() }).stdout,
			declared(),
		);
		expect(facts.find(({ key }) => key === "/home/fx/fx.conf")).toMatchObject({
			status: "unreadable",
			text: "it is no file but a fifo",
		});
	});

	test("does not get another owner", () => {
		const host = hostWithUser();
		const settings = declared("owner: root");
		const run = host.run("apply", { settings });
		expect(run.status).toBe(65);
		expect(run.stderr).toContain(
			"expected the owner fx, who controls the directory, got root",
		);
	});

	test("its check runs by that user", () => {
		const host = hostWithUser();
		const settings = declared(
			`owner: fx, check: [grep, -q, root, "${join(host.root, "etc/shadow")}", "{}"]`,
		);
		expect(host.run("apply", { settings }).status).toBe(65);
		expect(existsSync(join(host.root, "home/fx/fx.conf"))).toBe(false);
	});
});

asRoot("a directory that several accounts control", () => {
	test.each([
		["every account", 0, 0, 0o1777, /every account can write to \/srv\/fx/],
		["a group", 0, uid, 0o775, new RegExp(`the group ${uid} can write`)],
	])("of %s is refused, with what to do", (_, owner, group, mode, message) => {
		const host = hostWithUser();
		const directory = join(host.root, "srv/fx");
		mkdirSync(directory, { recursive: true });
		chownSync(directory, owner, group);
		chmodSync(directory, mode);
		const settings = settingsFromYaml(files, '/srv/fx/a: {content: "x"}');
		const run = host.run("apply", { settings });
		expect(run.status).toBe(65);
		expect(run.stderr).toMatch(message);
		expect(run.stderr).toContain("let only root");
		expect(readdirSync(directory)).toEqual([]);
	});
});

asRoot("what only root does", () => {
	test("a mount point below a user's directory is refused", () => {
		const host = hostWithUser();
		link(host, "home/fx/m", "etc");
		const settings = settingsFromYaml(
			mounts,
			"/home/fx/m: {device: tmpfs, type: tmpfs}",
		);
		const run = host.run("apply", { settings });
		expect(run.status).toBe(65);
		expect(run.stderr).toContain("/home/fx/m: not mounted");
		expect(host.read("proc/mounts")).not.toContain("tmpfs /etc");
	});

	test("a home below a user's directory is not made", () => {
		const host = hostWithUser();
		link(host, "home/fx/h", "etc");
		const settings = settingsFromYaml(users, "fy: {home: /home/fx/h/fy}");
		expect(host.run("apply", { settings }).status).toBe(65);
		expect(existsSync(join(host.root, "etc/fy"))).toBe(false);
	});

	test("an upload that is a link is not taken", () => {
		const host = hostWithUser();
		const sha256 =
			"0f6f7a1b43a0b6c1f5ac8d6f2a6b5d6c0f6f7a1b43a0b6c1f5ac8d6f2a6b5d6c";
		const settings = settingsFromYaml(
			applications,
			`fx: {binary: fx, sha256: ${sha256}}`,
		);
		expect(host.run("apply", { settings })).toMatchObject({ status: 0 });
		link(host, `root/.metaltune-fx-${sha256}`, "etc/shadow");
		const run = host.run("deploy", { settings });
		expect(run.status).toBe(65);
		expect(run.stderr).not.toMatch(/has the SHA-256/);
		expectShadowUntouched(host);
	});

	test("an application's file below a user's directory", () => {
		const host = hostWithUser();
		link(host, "home/fx/fx.conf.metaltune-new", "etc/shadow");
		const binary = "#!/bin/sh\n# lab: threads io-0\n";
		const hash = execFileSync("sha256sum", { input: binary, encoding: "utf8" });
		const sha256 = hash.slice(0, 64);
		const settings: readonly Setting[] = settingsFromYaml(
			applications,
			`fx: {binary: fx, sha256: ${sha256}, files: [{path: /home/fx/fx.conf, content: x, mode: 0600}]}`,
		);
		host.run("apply", { settings });
		host.write(`root/.metaltune-fx-${sha256}`, binary);
		expect(host.run("deploy", { settings })).toMatchObject({ status: 0 });
		expectShadowUntouched(host);
		const stat = lstatSync(join(host.root, "home/fx/fx.conf"));
		expect(stat).toMatchObject({ uid });
		expect(stat.mode & 0o777).toBe(0o600);
		expect(host.run("revert")).toMatchObject({ status: 0 });
		expectShadowUntouched(host);
	});
});

test("setpriv, which acts as a user, is on this machine", () => {
	expect(spawnSync("setpriv", ["--version"]).status).toBe(0);
});
