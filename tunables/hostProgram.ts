/**
 * Assembles the host program: one POSIX sh file from the shared library, every
 * tunable's shell half and the driver. See docs/host-program.md.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { tunables } from "./registry";

/** Where the program lives on a host. */
export const programPath = "/usr/local/sbin/metaltune";

/** The program's last line; without it the text only defines functions. */
export const programCall = 'metaltune_main "$@"\n';

// What tunables are written with.
const library = ["lib", "writing", "compare"];
// What puts their parts in order.
const driver = [
	...["settings", "report", "baseline", "converge", "unit"],
	...["processes", "strays", "release", "deploy"],
	...["bootEntries", "bootTrial", "rollback"],
];

function part(path: string): string {
	return readFileSync(join(__dirname, path), "utf8").replace(/^#!.*\n/, "");
}

function assemble(): { readonly text: string; readonly hash: string } {
	const names = tunables.map((tunable) => tunable.name);
	const text = [
		"#!/bin/sh\n",
		...library.map((name) => part(`host/${name}.sh`)),
		...names.map((name) => part(`${name}.sh`)),
		...driver.map((name) => part(`host/${name}.sh`)),
		`TUNABLES='${names.join(" ")}'\n`,
		part("host/metaltune.sh"),
		programCall,
	].join("\n");
	return { text, hash: createHash("sha256").update(text).digest("hex") };
}

let assembled: ReturnType<typeof assemble> | undefined;

/**
 * The program's text and the SHA-256 of it in hex, by which a host's copy is
 * recognised.
 *
 * @throws Error when a tunable of the registry has no `.sh` file.
 */
export function hostProgram(): ReturnType<typeof assemble> {
	assembled ??= assemble();
	return assembled;
}
