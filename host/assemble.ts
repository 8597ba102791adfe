/**
 * Assembles the host program: one POSIX sh file from the shared library, every
 * tunable's shell half and the driver. For hosts with applications it also has the
 * code that deploys them. See docs/host-program.md and docs/adr/0010.
 */
import { createHash } from "node:crypto";
import type { Tunable } from "../inventory/tunable";
import { deployedTunable, isDeployed, type Setting } from "../model/settings";
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
import { checkSources } from "./sourceChecks";

/** Where the program lives on a host. */
export const programPath = "/usr/local/sbin/metaltune";

/** The program's last line; without it the text only defines functions. */
export const programCall = 'metaltune_main "$@"\n';

const libraryDirectory = "host/lib";
// The library that tunables use.
const library = [
	...[
		"lib",
		"paths",
		"writing",
		"record",
		"contents",
		"compare",
		"limit",
		"units",
	],
].map((name) => `${libraryDirectory}/${name}.sh`);
// The driver that runs the tunables in order.
const driver = [
	...["lib/lock", "verbs/owner", "verbs/settings", "verbs/report"],
	...["verbs/baseline", "verbs/originals", "verbs/converge", "verbs/unit"],
	...["verbs/machine"],
	...["loader", "parameters", "entries", "grub", "updateGrub"].map(ofBoot),
	...["grubby", "systemdBoot", "systemdBootProvisional", "proxmoxBoot"].map(
		ofBoot,
	),
	...["provisional/provisional", "provisional/rollback"],
].map((name) => (name.includes(".") ? name : `host/${name}.sh`));
const deployingDirectory = "applications/host";
// Only for hosts with applications.
const deploying = [
	...["applications", "processes", "strays", "threads"],
	...["release", "health", "deploy", "loadTest"],
].map((name) => `${deployingDirectory}/${name}.sh`);

function ofBoot(name: string): string {
	return `boot/${name}`;
}

function shellHalf({ name }: Tunable<unknown>): string {
	return `tunables/${name}/host.sh`;
}

function part(path: string): string {
	return readSource(path).text.replace(/^#!.*\n/, "");
}

/**
 * `whole` is every part; `tuning` omits the deployment of applications, for hosts
 * that have none.
 */
export type Variant = "whole" | "tuning";

/** Every awk program of the host program, shared functions first. */
export function awkPrograms(variant: Variant = "whole"): readonly Source[] {
	const directories = [
		...["lib", "verbs", "boot", "provisional"].map((name) => `host/${name}`),
		...(variant === "whole" ? [deployingDirectory] : []),
		...tunables.map(({ name }) => `tunables/${name}`),
	];
	return directories.flatMap(awkSources);
}

// Line 2 of the program holds only a number: see `programIdentity`.
const versionLine = /^METALTUNE_VERSION=[0-9][0-9.]*$/;

/**
 * Identifies a program: SHA-256, in hex, of its text without the version on line 2.
 * Every other byte counts: inside a quoted text, a line that begins with `#` is
 * code, and the first line names the interpreter. `assemble` omits comments, so
 * programs that differ only in comments are the same. A host computes it with
 * `isKnown` in host/shell.ts, and with `report_program_hash`.
 */
export function programIdentity(text: string): string {
	const lines = text.split("\n");
	if (versionLine.test(lines[1] ?? "")) lines.splice(1, 1);
	return createHash("sha256").update(lines.join("\n")).digest("hex");
}

function assemble(variant: Variant) {
	const isWhole = variant === "whole";
	const names = tunables.map((tunable) => tunable.name);
	const answered = ["machine", ...names, ...(isWhole ? [deployedTunable] : [])];
	const halves = tunables.map(shellHalf);
	const verbs = "host/verbs/metaltune.sh";
	checkSources(
		[...library, ...halves, ...driver, ...deploying, verbs].map(readSource),
		awkPrograms("whole"),
	);
	const source = [
		...awkPrograms(variant).map(awkAssignment),
		...library.map(part),
		...halves.map(part),
		...driver.map(part),
		...(isWhole ? deploying.map(part) : []),
		`METALTUNE_PROTOCOL=${protocol}\nTUNABLES='${names.join(" ")}'\n`,
		`DEPLOYED=${deployedTunable}\nANSWERED='${answered.join(" ")}'\n`,
		part(verbs),
		programCall,
	].join("\n");
	const head = `#!/bin/sh\nMETALTUNE_VERSION=${version}\n`;
	const text = `${head}${withoutComments(source)}`;
	return { text, hash: programIdentity(text), source: `${head}${source}` };
}

export type HostProgram = ReturnType<typeof assemble>;

const assembled = new Map<Variant, HostProgram>();

/**
 * The program's text, its `programIdentity`, by which a host's copy is recognised,
 * and its source: the text with the comments of its files.
 *
 * @throws Error when a tunable of the registry has no shell half, or a source
 *   breaks a rule of `checkSources`.
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
 * Programs that can run these settings, the preferred one first: the whole program
 * can do everything that the other can.
 */
export function programsFor(
	settings: readonly Setting[],
): readonly [HostProgram, ...HostProgram[]] {
	return settings.some(isDeployed)
		? [hostProgram("whole")]
		: [hostProgram("tuning"), hostProgram("whole")];
}

/**
 * The library part of the program, from `host/lib`: the functions that a test calls
 * without the rest.
 */
export function hostLibrary(): string {
	const awk = awkSources(libraryDirectory).map(awkAssignment);
	return [...awk, ...library.map(part)].join("\n");
}
