/**
 * One change at a time, and only root can hold it up: a process that can open a
 * file or directory can lock it.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
	chmodSync,
	existsSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { settingsStream } from "../../host/protocol";
import { waitFor } from "../../lab/light/runProgram";
import { lightPath } from "../../lab/light/tree";
import type { Setting } from "../../model/settings";
import type { FakeHost } from "../support/hostRun";
import { installedHost } from "../support/newHost";
import { diffTrees } from "../support/tree";

jest.setTimeout(60_000);

const settings: readonly Setting[] = [
	{
		tunable: "sysctl",
		key: "vm.swappiness",
		match: "exact",
		value: "7",
		effect: "live",
	},
];
const done = { status: 0, stderr: "" };

let host: FakeHost;
let lock: string;
const children: ChildProcess[] = [];

beforeEach(() => {
	host = installedHost();
	lock = join(host.root, "run/metaltune.lock");
});
afterEach(() => {
	for (const child of children.splice(0)) child.kill();
});

/** Holds a lock on a path until its standard input ends. */
async function hold(path: string): Promise<ChildProcess> {
	const holder = spawn("flock", [path, "cat"]);
	children.push(holder);
	holder.stdin.write("held\n");
	await new Promise((resolve) => holder.stdout.once("data", resolve));
	return holder;
}

/** An apply that has come to wait for the lock, and its exit status. */
async function waitingApply() {
	const program = join(host.root, "usr/local/sbin/metaltune");
	const env = { ROOT: host.root, PATH: lightPath };
	const apply = spawn(program, ["apply"], { env });
	children.push(apply);
	apply.stdin.end(settingsStream(settings));
	const ended = new Promise<number | null>((resolve) =>
		apply.once("exit", resolve),
	);
	await waitFor("apply to wait for the lock", () => {
		const waiting = spawnSync("pgrep", ["-P", String(apply.pid), "flock"]);
		return waiting.status === 0;
	});
	return { ended };
}

test("a file that any user can open delays no run", async () => {
	for (const path of ["run", "usr/local/sbin/metaltune", "etc"]) {
		await hold(join(host.root, path));
	}
	expect(host.run("apply", { settings })).toMatchObject(done);
	for (const path of ["var/lib/metaltune/baseline.tsv", "etc/metaltune"]) {
		await hold(join(host.root, path));
	}
	expect(host.run("apply", { settings })).toMatchObject(done);
	expect(host.run("confirm 000000000000-00000000")).toMatchObject(done);
	expect(host.run("undo")).toMatchObject(done);
	expect(host.run("revert")).toMatchObject(done);
});

test("the lock is root's alone, and goes with the last of metaltune", () => {
	const before = host.snapshot();
	expect(host.run("apply", { settings })).toMatchObject(done);
	expect(statSync(lock).mode & 0o777).toBe(0o600);
	expect(host.run("revert")).toMatchObject(done);
	expect(diffTrees(before, host.snapshot())).toEqual([
		"usr/local/sbin/metaltune: disappeared",
	]);
});

test("a run that is refused leaves no lock on an untouched host", () => {
	expect(host.run("revert")).toMatchObject(done);
	expect(existsSync(lock)).toBe(false);
});

test("one that others can open is replaced, held or not", async () => {
	writeFileSync(lock, "");
	chmodSync(lock, 0o644);
	await hold(lock);
	expect(host.run("apply", { settings })).toMatchObject(done);
	expect(statSync(lock).mode & 0o777).toBe(0o600);
});

test("one that leads elsewhere is not followed", () => {
	host.write("root/precious", "text");
	symlinkSync(join(host.root, "root/precious"), lock);
	expect(host.run("apply", { settings })).toMatchObject(done);
	expect(statSync(lock).mode & 0o777).toBe(0o600);
	expect(readFileSync(join(host.root, "root/precious"), "utf8")).toBe("text");
});

test("a run that waits gets the lock when the earlier one ends", async () => {
	expect(host.run("apply", { settings })).toMatchObject(done);
	host.write("proc/sys/vm/swappiness", "60\n");
	const holder = await hold(lock);
	const { ended } = await waitingApply();
	// As revert does, while others wait; then the next one takes the path.
	rmSync(lock);
	writeFileSync(lock, "", { mode: 0o600 });
	const next = await hold(lock);
	holder.stdin?.end();
	await new Promise((resolve) => holder.once("exit", resolve));
	expect(host.read("proc/sys/vm/swappiness")).toBe("60\n");
	next.stdin?.end();
	expect(await ended).toBe(0);
	expect(host.read("proc/sys/vm/swappiness")).toBe("7\n");
});
