/** Reads a host, without changing it. */
import type { Report } from "../model/hostReport";
import type { Setting } from "../model/settings";
import { SshError } from "../ssh/errors";
import type { CommandResult } from "../ssh/session";
import { programsFor } from "./assemble";
import {
	type Host,
	type Limit,
	limitOf,
	mustCall,
	withKnownProgram,
} from "./call";
import { mustSucceed } from "./failure";
import { parseReport, settingsStream } from "./protocol";

/** A probe, and the state of the program on the host. */
export interface Probe {
	readonly report: Report;
	/** SHA-256 of the installed program; undefined when there is none. */
	readonly installed: string | undefined;
}

const statusSeconds = 60;

function reportOf(
	host: Host,
	name: string,
	{ stdout }: CommandResult,
	asked?: readonly Setting[],
): Report {
	try {
		return parseReport(stdout, asked);
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		throw new SshError("command", `${host.name}: ${name}: ${why}`);
	}
}

/**
 * Reads the host without changing it, by settings.
 *
 * @param limit how long each of two attempts may take; see `withKnownProgram`.
 * @throws SshError when the host cannot be read.
 */
export async function probe(
	host: Host,
	settings: readonly Setting[],
	limit: Limit = limitOf(host, "probeSeconds"),
): Promise<Probe> {
	const name = "probe";
	const answer = await withKnownProgram(host, {
		name,
		verb: "probe",
		input: settingsStream(settings),
		limit,
		programs: programsFor(settings),
	});
	mustSucceed(host.name, name, answer);
	const report = reportOf(host, name, answer, settings);
	const isThere = answer.installed !== "missing" && report.program !== "-";
	return { report, installed: isThere ? report.program : undefined };
}

/**
 * Reads the host by the settings that were applied to it last.
 *
 * @throws SshError when the host cannot be read or has no program.
 */
export async function probeInstalled(host: Host): Promise<Report> {
	const name = "probe";
	const answer = await withKnownProgram(host, {
		name,
		verb: "probe --installed",
		input: "",
		limit: limitOf(host, "probeSeconds"),
	});
	if (answer.installed === "missing") {
		throw new SshError(
			"command",
			`${host.name}: the host program is not installed any more; run \`pulumi up --refresh\``,
		);
	}
	mustSucceed(host.name, name, answer);
	return reportOf(host, name, answer);
}

/** The host's own properties, without any setting: a cheap read. */
export async function status(host: Host): Promise<Report> {
	const name = "status";
	const limit = { seconds: statusSeconds };
	const call = { name, verb: name, input: "", limit } as const;
	return reportOf(host, name, await mustCall(host, call));
}
