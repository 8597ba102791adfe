/**
 * Assembles the host program: one POSIX sh file from the shared library, every
 * tunable's shell half and the driver. See docs/host-program.md.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { protocol } from "../inventory/report";
import { version } from "../inventory/version";
import { tunables } from "./registry";

/** Where the program lives on a host. */
export const programPath = "/usr/local/sbin/metaltune";

/** The program's last line; without it the text only defines functions. */
export const programCall = 'metaltune_main "$@"\n';

// What tunables are written with.
const library = ["lib", "writing", "record", "compare"];
// What puts their parts in order.
const driver = [
	...["lock", "owner", "settings", "report"],
	...["baseline", "originals", "converge", "unit"],
	...["processes", "strays", "release", "deploy"],
	...["bootEntries", "bootTrial", "rollback"],
];

function part(path: string): string {
	return readFileSync(join(__dirname, path), "utf8").replace(/^#!.*\n/, "");
}

/**
 * What tells one program from another: SHA-256, in hex, of its text without
 * comment lines, blank lines and the line of the version. Programs that differ
 * only there do the same, so no host is touched for them. A host computes it
 * by `knownLines` in provider/remoteShell.ts, and by `program_hash`.
 */
export function programIdentity(text: string): string {
	const code = text
		.split("\n")
		.filter((line) => !/^[ \t]*(#|$)|^METALTUNE_VERSION=/.test(line));
	return createHash("sha256")
		.update(code.map((line) => `${line}\n`).join(""))
		.digest("hex");
}

function assemble(): { readonly text: string; readonly hash: string } {
	const names = tunables.map((tunable) => tunable.name);
	const text = [
		"#!/bin/sh\n",
		...library.map((name) => part(`host/${name}.sh`)),
		...names.map((name) => part(`${name}.sh`)),
		...driver.map((name) => part(`host/${name}.sh`)),
		`METALTUNE_VERSION=${version}\nMETALTUNE_PROTOCOL=${protocol}\nTUNABLES='${names.join(" ")}'\n`,
		part("host/metaltune.sh"),
		programCall,
	].join("\n");
	return { text, hash: programIdentity(text) };
}

let assembled: ReturnType<typeof assemble> | undefined;

/**
 * The program's text, and its `programIdentity`, by which a host's copy is
 * recognised.
 *
 * @throws Error when a tunable of the registry has no `.sh` file.
 */
export function hostProgram(): ReturnType<typeof assemble> {
	assembled ??= assemble();
	return assembled;
}
