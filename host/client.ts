/** The host program's verbs that change a host; probe.ts has those that read. */
import type { Contents, Setting } from "../model/settings";
import { type HostProgram, hostProgram, programFor } from "./assemble";
import {
	type Call,
	type Host,
	limitOf,
	mustCall,
	waitFor,
	withKnownProgram,
} from "./call";
import { mustSucceed } from "./failure";
import {
	confirmVerb,
	encodeContents,
	exitCodes,
	notAppliedVerb,
	rebootVerb,
	reportsWaiting,
	revertVerb,
	settingsStream,
} from "./protocol";
import {
	hasApplications,
	installProgram,
	readBootId,
	waitForCloudInit,
} from "./shell";

const shortSeconds = 60;

/** Commands that need no program on the host. */
async function mustRun(
	host: Host,
	command: { name: string; text: string; stdin: string; seconds: number },
): Promise<string> {
	const { name, text, stdin, seconds } = command;
	const result = await host.session.run({
		name,
		text,
		stdin,
		timeoutSeconds: seconds,
	});
	mustSucceed(host.name, name, result);
	return result.stdout;
}

/**
 * Installs the program that the settings need, atomically. A host that still has
 * applications keeps the program that can remove them.
 */
export async function install(
	host: Host,
	settings: readonly Setting[],
): Promise<void> {
	const call = (program: HostProgram) => ({
		name: "install",
		text: installProgram(host.become, program === hostProgram("whole")),
		stdin: `${program.hash}\n${program.text}`,
		...waitFor(limitOf(host, "probeSeconds")),
	});
	let result = await host.session.run(call(programFor(settings)));
	if (result.code === hasApplications) {
		result = await host.session.run(call(hostProgram("whole")));
	}
	mustSucceed(host.name, "install", result);
}

/** Stores settings on the host for the next apply. */
export async function want(
	host: Host,
	settings: readonly Setting[],
	contents: Contents,
): Promise<void> {
	await mustCall(host, {
		name: "want",
		verb: "want",
		input: encodeContents(contents) + settingsStream(settings),
		limit: limitOf(host, "probeSeconds"),
	});
}

/**
 * Runs a verb that changes the host, unless the host declines: too late, or owned
 * by another resource.
 *
 * @param declined the exit code of that answer.
 * @returns what it printed; undefined when it declined.
 */
async function unlessDeclined(
	host: Host,
	declined: number,
	call: Omit<Call, "limit">,
): Promise<string | undefined> {
	const answer = await withKnownProgram(host, {
		...call,
		limit: limitOf(host, "revertSeconds"),
	});
	if (answer.code === declined) return undefined;
	mustSucceed(host.name, call.name, answer);
	return answer.stdout;
}

/** What remains to do after a revert. */
export interface Reverted {
	/** Whether the host needs a reboot to boot with its original settings. */
	readonly rebootRequired: boolean;
}

/**
 * Reverts the host for the resource that has this token. Works without an installed
 * program, or with a different one. A revert that could not run is a failure, not
 * an empty revert.
 *
 * @returns undefined when another resource now owns the host, which keeps its
 *   settings.
 */
export async function revert(
	host: Host,
	owner: string,
): Promise<Reverted | undefined> {
	const printed = await unlessDeclined(host, exitCodes.otherOwner, {
		name: "revert",
		verb: revertVerb(owner),
		input: "",
	});
	return printed === undefined
		? undefined
		: { rebootRequired: reportsWaiting(printed) };
}

/**
 * Releases the host from one resource, without changing anything else.
 *
 * @returns whether that resource had ever tuned this very host.
 */
export async function disown(host: Host, owner: string): Promise<boolean> {
	const printed = await unlessDeclined(host, exitCodes.otherOwner, {
		name: "disown",
		verb: "disown",
		input: `${owner}\n`,
	});
	return printed !== undefined;
}

/**
 * Confirms one provisional change. Only a login made after it was applied proves
 * that it may stay.
 *
 * @returns whether the host had not reverted it before.
 * @throws SshError when another change is provisional.
 */
export async function confirm(host: Host, change: string): Promise<boolean> {
	const printed = await unlessDeclined(host, exitCodes.rolledBack, {
		name: "confirm",
		verb: confirmVerb(change),
		input: "",
	});
	return printed !== undefined;
}

/**
 * Orders a reboot; works on a host without the program.
 *
 * @param rollbackSeconds within which the next boot will be confirmed; without it,
 *   a successful boot is enough.
 */
export async function requestReboot(
	host: Host,
	rollbackSeconds: number | undefined,
): Promise<void> {
	await mustCall(host, {
		name: "reboot",
		verb: rebootVerb(rollbackSeconds),
		input: "",
		limit: { seconds: shortSeconds },
	});
}

/**
 * Records on the host that the reboot did not apply these settings. Until its next
 * boot, no other reboot is ordered for the same settings.
 */
export async function noteNotApplied(
	host: Host,
	settingsHash: string,
): Promise<void> {
	await mustCall(host, {
		name: "noting that the reboot did not apply the settings",
		verb: notAppliedVerb(settingsHash),
		input: "",
		limit: { seconds: shortSeconds },
	});
}

/** The host's boot ID; needs no program there. */
export async function bootIdOf(host: Host): Promise<string> {
	const text = await mustRun(host, {
		name: "reading the boot id",
		text: readBootId,
		stdin: "",
		seconds: shortSeconds,
	});
	return text.trim();
}

/** Returns once cloud-init, where installed, has finished. */
export async function afterCloudInit(
	host: Host,
	seconds: number,
): Promise<void> {
	await mustRun(host, {
		name: "waiting for cloud-init",
		text: waitForCloudInit,
		stdin: "",
		seconds,
	});
}
