/**
 * Assembles the host program: one POSIX sh file from the shared library, every
 * tunable's shell half and the driver; for hosts with applications, also what
 * deploys those. See docs/host-program.md and docs/adr/0008.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Tunable } from "../inventory/tunable";
import { deployedTunable, isDeployed, type Setting } from "../model/settings";
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
	...["verbs/machine"],
	...["boot/bootEntries", "boot/bootTrial", "provisional/rollback"],
];
// What only a host with applications needs.
const deploying = [
	...["applications", "processes", "strays", "threads"],
	...["release", "health", "deploy", "loadTest"],
].map((name) => `../applications/host/${name}`);

function shellHalf({ name }: Tunable<unknown>): string {
	return `../tunables/${name}/host`;
}

function part(path: string): string {
	const file = join(__dirname, `${path}.sh`);
	return readFileSync(file, "utf8").replace(/^#!.*\n/, "");
}

/** Awk programs of applications, each as the text of a shell variable. */
function awkTexts(): readonly string[] {
	const directory = join(__dirname, "../applications/host");
	const files = readdirSync(directory).filter((name) => name.endsWith(".awk"));
	return files.toSorted().map((file) => {
		const text = readFileSync(join(directory, file), "utf8");
		if (text.includes("'")) {
			throw new Error(`${file}: expected no single quote; write \\047`);
		}
		return `AWK_applications_${basename(file, ".awk")}='\n${text}'\n`;
	});
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

/**
 * `whole` is every part; `tuning` leaves out what deploys applications, for hosts
 * that have none.
 */
export type Variant = "whole" | "tuning";

function assemble(variant: Variant) {
	const isWhole = variant === "whole";
	const names = tunables.map((tunable) => tunable.name);
	const answered = ["machine", ...names, ...(isWhole ? [deployedTunable] : [])];
	const source = [
		...library.map(part),
		...tunables.map(shellHalf).map(part),
		...driver.map(part),
		...(isWhole ? [...awkTexts(), ...deploying.map(part)] : []),
		`METALTUNE_PROTOCOL=${protocol}\nTUNABLES='${names.join(" ")}'\n`,
		`DEPLOYED=${deployedTunable}\nANSWERED='${answered.join(" ")}'\n`,
		part("verbs/metaltune"),
		programCall,
	].join("\n");
	const head = `#!/bin/sh\nMETALTUNE_VERSION=${version}\n`;
	const text = `${head}${withoutComments(source)}`;
	return { text, hash: programIdentity(text), source: `${head}${source}` };
}

export type HostProgram = ReturnType<typeof assemble>;

const assembled = new Map<Variant, HostProgram>();

/**
 * The program's text, its `programIdentity`, by which a host's copy is
 * recognised, and its source: the text with the comments of its files.
 *
 * @throws Error when a tunable of the registry has no shell half.
 */
export function hostProgram(variant: Variant = "whole"): HostProgram {
	const known = assembled.get(variant) ?? assemble(variant);
	assembled.set(variant, known);
	return known;
}

/** The program that a host with these settings has installed. */
export function programFor(settings: readonly Setting[]): HostProgram {
	return hostProgram(settings.some(isDeployed) ? "whole" : "tuning");
}

/**
 * Programs that can do what these settings ask for, the one to prefer first: the
 * whole one can do all that the other can.
 */
export function programsFor(
	settings: readonly Setting[],
): readonly [HostProgram, ...HostProgram[]] {
	return settings.some(isDeployed)
		? [hostProgram("whole")]
		: [hostProgram("tuning"), hostProgram("whole")];
}
