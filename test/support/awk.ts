/** Runs an awk program of the host program as a host does, under every awk. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { awkText, readSource, sharedAwks } from "../../host/awkPrograms";

/** The awks that hosts have: Debian's, that of the RHEL family, and others. */
export const awks = ["mawk", "gawk", "original-awk", "busybox awk"] as const;

/** An awk program with what a shell gives it, and what it must answer. */
export interface AwkCase {
	/** A file below the project's root; the shared functions are always before it. */
	readonly program?: string;
	/** Text of awk after the program. */
	readonly text?: string;
	readonly separator?: string;
	readonly variables?: Readonly<Record<string, string>>;
	readonly environment?: Readonly<Record<string, string>>;
	/** Files by their path below the directory in which the program runs. */
	readonly files?: Readonly<Record<string, readonly string[]>>;
	/** Those of the files that it reads instead of standard input. */
	readonly operands?: readonly string[];
	readonly lines?: readonly string[];
	readonly status?: number;
	readonly answers: readonly string[];
}

function isInstalled(awk: string): boolean {
	const [command = ""] = awk.split(" ");
	return spawnSync(command, ["--version"]).error === undefined;
}

/** A program, after the file that its header names as its companion. */
function programsOf(program: string | undefined): readonly string[] {
	if (program === undefined) return [];
	const { text } = readSource(program);
	const [, companion] = /^#.*With (\w+\.awk)\.$/m.exec(text) ?? [];
	return companion === undefined
		? [program]
		: [join(dirname(program), companion), program];
}

const linesOf = (lines: readonly string[]): string =>
	lines.map((line) => `${line}\n`).join("");

function writeFiles(directory: string, files: AwkCase["files"] = {}): void {
	for (const [path, lines] of Object.entries(files)) {
		mkdirSync(join(directory, dirname(path)), { recursive: true });
		writeFileSync(join(directory, path), linesOf(lines));
	}
}

function check(awk: string, given: AwkCase): void {
	const directory = mkdtempSync(join(tmpdir(), "metaltune-awk-"));
	try {
		writeFiles(directory, given.files);
		runIn(directory, awk, given);
	} finally {
		rmSync(directory, { recursive: true });
	}
}

function runIn(cwd: string, awk: string, given: AwkCase): void {
	const [command = "", ...words] = awk.split(" ");
	const text = [...sharedAwks, ...programsOf(given.program)]
		.map((path) => awkText(readSource(path)))
		.join("");
	const { status, stdout, stderr, error } = spawnSync(
		command,
		[
			...words,
			...(given.separator === undefined ? [] : ["-F", given.separator]),
			...Object.entries(given.variables ?? {}).flatMap(([name, value]) => [
				"-v",
				`${name}=${value}`,
			]),
			`${text}${given.text ?? ""}`,
			...(given.operands ?? []),
		],
		{
			cwd,
			input: linesOf(given.lines ?? []),
			encoding: "utf8",
			env: { ...process.env, ...given.environment, LC_ALL: "C" },
		},
	);
	if (error !== undefined) throw error;
	expect({ stderr, status, answers: stdout.split("\n").slice(0, -1) }).toEqual({
		stderr: "",
		status: given.status ?? 0,
		answers: given.answers,
	});
}

/**
 * A test per awk. One that is not installed is skipped by name, but fails in
 * continuous integration, where `bin/setup --develop` has installed it.
 */
export function testAwk(title: string, given: AwkCase): void {
	for (const awk of awks) {
		if (isInstalled(awk) || process.env.CI === "true") {
			test(`${title} (${awk})`, () => check(awk, given));
		} else {
			test.skip(`${title} (${awk} is not installed: bin/setup --develop)`, () =>
				undefined);
		}
	}
}
