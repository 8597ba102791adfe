/**
 * What files held and hold stays on the host, where only root reads it: reports
 * say hash and size, and metaltune's own files are root's alone.
 */
import {
	chmodSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { files } from "../../tunables/files";
import type { FakeHost } from "../support/hostRun";
import { settingsFromYaml } from "../support/inventory";
import { installedHost } from "../support/newHost";

const old = "password = before\n";
const now = "password = hunter2\n";
const yaml = `/etc/fx/fx.conf: {content: "password = hunter2\\n", mode: 0600}`;
const settings = settingsFromYaml(files, yaml);
const marks = [old, now].flatMap((text) => [
	text.trim(),
	Buffer.from(text).toString("base64"),
]);

function hostWithFile(): FakeHost {
	const host = installedHost();
	host.write("etc/fx/fx.conf", old);
	chmodSync(join(host.root, "etc/fx/fx.conf"), 0o600);
	return host;
}

/** Paths of metaltune's own files and directories that others could open. */
function openToOthers(host: FakeHost): readonly string[] {
	return ["etc/metaltune", "var/lib/metaltune"].flatMap((top) =>
		["", ...readdirSync(join(host.root, top), { recursive: true })]
			.map((name) => join(top, String(name)))
			.filter(
				(path) =>
					!path.startsWith("var/lib/metaltune/files/") &&
					(statSync(join(host.root, path)).mode & 0o077) !== 0,
			),
	);
}

function expectNoContent(text: string): void {
	for (const mark of marks) expect(text).not.toContain(mark);
}

test("no report says what a file holds, and only root reads what is kept", () => {
	const host = hostWithFile();
	expectNoContent(host.run("probe", { settings }).stdout);
	const applied = host.run("apply", { settings });
	expect(applied.status).toBe(0);
	expectNoContent(applied.stdout + applied.stderr);
	expect(host.read("etc/fx/fx.conf")).toBe(now);
	expectNoContent(host.run("probe --installed").stdout);
	expectNoContent(host.run("check").stdout);
	for (const path of [
		"etc/metaltune/settings.tsv",
		"var/lib/metaltune/baseline.tsv",
	]) {
		expectNoContent(host.read(path));
	}
	expect(openToOthers(host)).toEqual([]);
	expect(host.run("revert").status).toBe(0);
	expect(host.read("etc/fx/fx.conf")).toBe(old);
});

test("readable files of an earlier version become private with the next run", () => {
	const host = hostWithFile();
	expect(host.run("apply", { settings }).status).toBe(0);
	for (const top of ["etc/metaltune", "var/lib/metaltune"]) {
		chmodSync(join(host.root, top), 0o755);
		for (const name of readdirSync(join(host.root, top))) {
			const path = join(host.root, top, name);
			if (statSync(path).isFile()) chmodSync(path, 0o644);
		}
	}
	expect(openToOthers(host)).not.toEqual([]);
	expect(host.run("apply", { settings }).status).toBe(0);
	expect(openToOthers(host)).toEqual([]);
});

test("a host whose baseline holds contents, as of an earlier version, is reverted", () => {
	const host = hostWithFile();
	expect(host.run("apply", { settings }).status).toBe(0);
	const base64 = Buffer.from(old).toString("base64");
	// It kept its records once, and closed them with nothing.
	host.remove("etc/metaltune/baseline.tsv");
	host.remove("var/lib/metaltune/settings.tsv");
	for (const path of [
		"var/lib/metaltune/baseline.tsv",
		"etc/metaltune/settings.tsv",
	]) {
		const lines = host.read(path).replace(/^end\t.*\n/m, "");
		host.write(path, lines.replace(` ${old.length}\n`, ` ${base64}\n`));
	}
	expect(host.read("var/lib/metaltune/baseline.tsv")).toContain(base64);
	const other = settingsFromYaml(files, "/etc/other.conf: {content: x}");
	expect(host.run("apply", { settings: other })).toMatchObject({
		status: 0,
		stderr: "",
	});
	expect(host.read("etc/fx/fx.conf")).toBe(old);
});

test("a content that no settings name any more is forgotten", () => {
	const host = hostWithFile();
	expect(host.run("apply", { settings }).status).toBe(0);
	const kept = () =>
		readdirSync(join(host.root, "var/lib/metaltune/contents")).map((name) =>
			readFileSync(join(host.root, "var/lib/metaltune/contents", name), "utf8"),
		);
	expect(kept()).toEqual([now]);
	const other = settingsFromYaml(files, "/etc/other.conf: {content: x}");
	expect(host.run("apply", { settings: other }).status).toBe(0);
	expect(kept()).toEqual(["x"]);
});

test("a private file is private from its first byte on", () => {
	const host = hostWithFile();
	const front = mkdtempSync(join(tmpdir(), "metaltune-modes-"));
	const log = join(front, "log");
	// What a file has once something has been written into it.
	const script = `#!/bin/sh
PATH=\${PATH#*:}
tee "$@"
stat -c '%a %n' "$1" >>'${log}'
`;
	writeFileSync(join(front, "tee"), script, { mode: 0o755 });
	const declared = settingsFromYaml(
		files,
		"/etc/fx/new.conf: {content: x, mode: 0600}",
	);
	expect(host.run("apply", { settings: declared, path: front })).toMatchObject({
		status: 0,
	});
	const written = readFileSync(log, "utf8").split("\n");
	rmSync(front, { recursive: true });
	const modes = written.filter((line) => line.includes("etc/fx/new.conf"));
	expect(modes.length).toBeGreaterThan(0);
	for (const line of modes) expect(line).toMatch(/^600 /);
	expect(statSync(join(host.root, "etc/fx/new.conf")).mode & 0o777).toBe(0o600);
});
