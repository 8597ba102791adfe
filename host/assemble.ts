/**
 * Assembles the host program: one POSIX sh file from the shared library, every
 * tunable's shell half and the driver. See docs/host-program.md.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Tunable } from "../inventory/tunable";
import { version } from "../model/version";
import { tunables } from "../tunables/registry";
import { protocol } from "./protocol";

/** Where the program lives on a host. */
export const programPath = "/usr/local/sbin/metaltune";

/** The program's last line; without it the text only defines functions. */
export const programCall = 'metaltune_main "$@"\n';

// What tunables are written with, relative to this directory.
const library = [
	...["lib/lib", "lib/paths", "lib/writing", "lib/record"],
	...["lib/contents", "lib/compare", "lib/limit"],
];
// What puts their parts in order.
const driver = [
	...["lib/lock", "verbs/owner", "verbs/settings", "verbs/report"],
	...["verbs/baseline", "verbs/originals", "verbs/converge", "verbs/unit"],
	...["processes", "strays", "release", "deploy"].map(ofApplications),
	...["loader", "parameters", "entries", "grub", "updateGrub"].map(ofBoot),
	...["grubby", "systemdBoot", "systemdBootTrial", "proxmoxBoot"].map(ofBoot),
	...["provisional/provisional", "provisional/rollback"],
];

function ofBoot(name: string): string {
	return `boot/${name}`;
}

function ofApplications(name: string): string {
	return `../applications/host/${name}`;
}

function shellHalf({ name }: Tunable<unknown>): string {
	return name === "applications"
		? ofApplications(name)
		: `../tunables/${name}/host`;
}

function part(path: string): string {
	const file = join(__dirname, `${path}.sh`);
	return readFileSync(file, "utf8").replace(/^#!.*\n/, "");
}

/** The awk programs in a directory, as variables `AWK_x` with the prefix. */
function awkOf(directory: string, prefix: string): readonly string[] {
	return readdirSync(join(__dirname, directory))
		.filter((file) => file.endsWith(".awk"))
		.toSorted()
		.map((file) => {
			const path = join(__dirname, directory, file);
			const text = withoutComments(readFileSync(path, "utf8"));
			if (text.includes("'")) {
				throw new Error(
					`${path}: a single quote ends the shell text around it; write \\047`,
				);
			}
			return `AWK_${prefix}${basename(file, ".awk")}='${text}'`;
		});
}

function awkPrograms(): readonly string[] {
	const own = new Set([...library, ...driver].map((path) => dirname(path)));
	return [
		...[...own]
			.filter((directory) => !directory.startsWith(".."))
			.flatMap((directory) => awkOf(directory, "")),
		...tunables
			.filter(({ name }) => name !== "applications")
			.flatMap(({ name }) => awkOf(`../tunables/${name}`, `${name}_`)),
	];
}

// On line 2 of the program, and nothing but a number: see `programIdentity`.
const versionLine = /^METALTUNE_VERSION=[0-9][0-9.]*$/;

/**
 * What tells one program from another: SHA-256, in hex, of its text without
 * the version on line 2. Every other byte counts, also in a comment: a line
 * with a `#` in front is code where it stands in a quoted text, and the first
 * line names the interpreter. Programs that differ only in comments are the
 * same because `assemble` leaves those out. A host computes it by `isKnown` in
 * host/shell.ts, and by `program_hash`.
 */
export function programIdentity(text: string): string {
	const lines = text.split("\n");
	if (versionLine.test(lines[1] ?? "")) lines.splice(1, 1);
	return createHash("sha256").update(lines.join("\n")).digest("hex");
}

/** A source without its comment lines and blank lines. */
export function withoutComments(source: string): string {
	const lines = source.split("\n");
	const code = lines.filter((line) => !/^[ \t]*(#|$)/.test(line));
	return code.map((line) => `${line}\n`).join("");
}

function assemble() {
	const names = tunables.map((tunable) => tunable.name);
	const source = [
		...awkPrograms(),
		...library.map(part),
		...tunables.map(shellHalf).map(part),
		...driver.map(part),
		`METALTUNE_PROTOCOL=${protocol}\nTUNABLES='${names.join(" ")}'\n`,
		part("verbs/metaltune"),
		programCall,
	].join("\n");
	const head = `#!/bin/sh\nMETALTUNE_VERSION=${version}\n`;
	const text = `${head}${withoutComments(source)}`;
	return { text, hash: programIdentity(text), source: `${head}${source}` };
}

let assembled: ReturnType<typeof assemble> | undefined;

/**
 * The program's text, its `programIdentity`, by which a host's copy is
 * recognised, and its source: the text with the comments of its files.
 *
 * @throws Error when a tunable of the registry has no shell half.
 */
export function hostProgram(): ReturnType<typeof assemble> {
	assembled ??= assemble();
	return assembled;
}
