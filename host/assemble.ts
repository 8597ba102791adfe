/**
 * Assembles the host program: one POSIX sh file from the shared library, every
 * tunable's shell half and the driver. See docs/host-program.md.
 */
import { createHash } from "node:crypto";
import type { Tunable } from "../inventory/tunable";
import { version } from "../model/version";
import { tunables } from "../tunables/registry";
import {
	awkAssignment,
	awkSources,
	readSource,
	type Source,
	withoutComments,
} from "./awkPrograms";
import { protocol } from "./protocol";

/** Where the program lives on a host. */
export const programPath = "/usr/local/sbin/metaltune";

/** The program's last line; without it the text only defines functions. */
export const programCall = 'metaltune_main "$@"\n';

const libraryDirectory = "host/lib";
// What tunables are written with.
const library = [
	...["lib", "paths", "writing", "record", "contents", "compare", "limit"],
].map((name) => `${libraryDirectory}/${name}.sh`);
// What puts their parts in order.
const driver = [
	...["lib/lock", "verbs/owner", "verbs/settings", "verbs/report"],
	...["verbs/baseline", "verbs/originals", "verbs/converge", "verbs/unit"],
	...["processes", "strays", "release", "deploy"].map(ofApplications),
	...["boot/bootEntries", "boot/bootTrial", "provisional/rollback"],
].map((name) => (name.includes(".") ? name : `host/${name}.sh`));

function ofApplications(name: string): string {
	return `applications/host/${name}.sh`;
}

function shellHalf({ name }: Tunable<unknown>): string {
	return name === "applications"
		? ofApplications(name)
		: `tunables/${name}/host.sh`;
}

function part(path: string): string {
	return readSource(path).text.replace(/^#!.*\n/, "");
}

/** Every awk program of the host program, shared functions first. */
export function awkPrograms(): readonly Source[] {
	const directories = [
		...["lib", "verbs", "boot", "provisional"].map((name) => `host/${name}`),
		"applications/host",
		...tunables
			.filter(({ name }) => name !== "applications")
			.map(({ name }) => `tunables/${name}`),
	];
	return directories.flatMap(awkSources);
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

function assemble() {
	const names = tunables.map((tunable) => tunable.name);
	const source = [
		...awkPrograms().map(awkAssignment),
		...library.map(part),
		...tunables.map(shellHalf).map(part),
		...driver.map(part),
		`METALTUNE_PROTOCOL=${protocol}\nTUNABLES='${names.join(" ")}'\n`,
		part("host/verbs/metaltune.sh"),
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

/**
 * The part of the program that tunables are written with, from `host/lib`: the
 * functions that a test calls without the rest.
 */
export function hostLibrary(): string {
	const awk = awkSources(libraryDirectory).map(awkAssignment);
	return [...awk, ...library.map(part)].join("\n");
}
