/** What is sent to a host means the same to every login shell. */
import { spawnSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { forLoginShell } from "../../host/loginShell";
import { exitCodes } from "../../host/protocol";
import {
	callKnown,
	callProgram,
	installProgram,
	readBootId,
	runFromStdin,
	waitForCloudInit,
} from "../../host/shell";
import { watchCpus } from "../../host/watch";
import { lightPath } from "../../lab/light/tree";

/** Those of login-shell-fish, and what hosts have otherwise. */
const shells = ["fish", "tcsh", "zsh", "bash", "dash", "busybox sh"] as const;

let root: string;
beforeAll(() => {
	root = mkdtempSync(join(tmpdir(), "metaltune-login-"));
	const program = join(root, "usr/local/sbin/metaltune");
	mkdirSync(join(program, ".."), { recursive: true });
	writeFileSync(program, '#!/bin/sh\necho "ran $*"; cat\n', { mode: 0o755 });
	const bootId = join(root, "proc/sys/kernel/random/boot_id");
	mkdirSync(join(bootId, ".."), { recursive: true });
	writeFileSync(bootId, "a-boot\n");
});
afterAll(() => rmSync(root, { recursive: true }));

function run(shell: string, text: string, input: string) {
	const [command = "", ...words] = shell.split(" ");
	const { status, stdout, stderr } = spawnSync(
		command,
		[...words, "-c", text],
		{
			input,
			encoding: "utf8",
			env: { ROOT: root, HOME: root, PATH: lightPath },
		},
	);
	return { status, stdout, stderr };
}

const done = (stdout: string) => ({ status: 0, stdout, stderr: "" });

describe.each(shells)("%s", (shell) => {
	const [command = ""] = shell.split(" ");
	const isThere = existsSync(`/usr/bin/${command}`);
	const when = isThere || process.env.CI === "true" ? test : test.skip;

	when.each([false, true])("a verb with its input, as root: %s", (become) => {
		const text = callProgram("probe", become, 9);
		expect(run(shell, text, "a\\b\n")).toEqual(
			done("ran --limit=9 probe\na\\b\n"),
		);
	});

	when("texts with conditions, quotes and several lines", () => {
		expect(run(shell, readBootId, "")).toEqual(done("a-boot\n"));
		expect(run(shell, waitForCloudInit, "")).toEqual(done(""));
		expect(run(shell, callKnown("probe", false), "other\n").status).toBe(
			exitCodes.otherProgram,
		);
		const cut = run(shell, runFromStdin("probe", true), "00\necho no\n");
		expect(cut.status).toBe(74);
		expect(cut.stderr).toContain("did not arrive whole");
		expect(run(shell, installProgram(true, true), "00\n").status).not.toBe(0);
		expect(run(shell, watchCpus(0), "").stdout).toContain("== mpstat");
	});
});

test.each(["echo 'x'", "echo !x", "echo \\\\", "a\nb'c"])(
	"%j would mean different things, and is refused",
	(script) => {
		expect(() => forLoginShell(script, false)).toThrow("quotes alike");
	},
);
