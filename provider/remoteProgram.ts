/**
 * The host program as the provider uses it: install, probe, revert, reboot.
 * Its failures are worded here, once, from exit code and standard error.
 */
import type { Report } from "../inventory/facts";
import { parseReport } from "../inventory/report";
import {
	type Contents,
	encodeContents,
	encodeSettings,
	type Setting,
} from "../inventory/settings";
import { hostProgram, programCall } from "../tunables/hostProgram";
import type { RemoteConnection } from "./connection";
import {
	callProgram,
	installProgram,
	isBootAtWork,
	isOnTrial,
	isRebootRequired,
	isVainReboot,
	missingProgram,
	noteVainReboot,
	otherProgram,
	probeWithKnown,
	readBootId,
	revertFor,
	revertIfInstalled,
	runFromStdin,
	type Verb,
	waitForCloudInit,
} from "./remoteShell";
import type { CommandResult } from "./sshCommand";
import { SshError } from "./sshError";
import type { Pool, Session } from "./sshPool";

/** One host during one task: its name for messages, and the way to it. */
export interface Host {
	readonly name: string;
	readonly become: boolean;
	readonly session: Session;
}

/** A probe, and what it says about the program on the host. */
export interface Probe {
	readonly report: Report;
	/** SHA-256 of the installed program; undefined when there is none. */
	readonly installed: string | undefined;
}

/** Runs a task on a host with the host's own name in every failure. */
export function withHost<Result>(
	pool: Pool,
	name: string,
	connection: RemoteConnection,
	task: (host: Host) => Promise<Result>,
): Promise<Result> {
	return pool
		.use(connection, (session) =>
			task({ name, become: connection.become, session }),
		)
		.catch((error) => {
			if (error instanceof SshError && !error.message.startsWith(`${name}:`)) {
				throw new SshError(error.failure, `${name}: ${error.message}`);
			}
			throw error;
		});
}

const probeSeconds = 120;
const changeSeconds = 600;

function tail(text: string): string {
	const lines = text.trim().split("\n").slice(-12).join("\n");
	return lines.length > 2000 ? `...${lines.slice(-2000)}` : lines;
}

/** Words a command that failed: why, with the end of what it said. */
export function wordFailure(
	host: string,
	verb: string,
	result: CommandResult,
): string {
	const said = tail(result.stderr) || tail(result.stdout) || "no output";
	const where = `${host}: ${verb}`;
	if (/sudo: (a password is required|a terminal is required)/.test(said)) {
		return `${where}: sudo asks for a password: allow this user \`NOPASSWD: ALL\` in sudoers, or log in as root with \`become: false\``;
	}
	if (/sudo: (command )?not found|sudo: No such file/.test(said)) {
		return `${where}: the host has no sudo: install it, or log in as root with \`become: false\``;
	}
	if (/No space left on device/.test(said)) {
		return `${where}: the disk is full: free space on the host and run again (${said})`;
	}
	if (/Read-only file system/.test(said)) {
		return `${where}: the file system is read-only: ${said}`;
	}
	if (result.signal !== undefined) {
		return `${where}: killed by signal ${result.signal}: ${said}`;
	}
	return `${where}: exit ${result.code}: ${said}`;
}

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
	if (result.code !== 0) {
		throw new SshError("command", wordFailure(host.name, name, result));
	}
	return result.stdout;
}

function sentProgram(verb: Verb, become: boolean, input: string) {
	// Standard input is taken by the program, so its own input is quoted in it.
	const end = "METALTUNE_SETTINGS";
	const body = hostProgram().text.slice(0, -programCall.length);
	return {
		text: runFromStdin(verb, become),
		stdin: `${body}${programCall.trimEnd()} <<'${end}'\n${input}${end}\n`,
	};
}

function reportOf(host: Host, text: string): Report {
	try {
		return parseReport(text);
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		throw new SshError("command", `${host.name}: probe: ${why}`);
	}
}

/**
 * Reads the host without changing it. The installed program answers when it is
 * the one we know; otherwise it is not even run, and ours is sent along.
 *
 * @param seconds how long each of the two may take.
 * @throws SshError when the host cannot be read.
 */
export async function probe(
	host: Host,
	settings: readonly Setting[],
	seconds = probeSeconds,
): Promise<Probe> {
	const { hash } = hostProgram();
	const stdin = encodeSettings(settings);
	const answer = await host.session.run({
		name: "probe",
		text: probeWithKnown(host.become),
		stdin: `${hash}\n${stdin}`,
		timeoutSeconds: seconds,
	});
	if (answer.code === 0) {
		const report = reportOf(host, answer.stdout);
		return { report, installed: report.program };
	}
	if (answer.code !== missingProgram && answer.code !== otherProgram) {
		throw new SshError("command", wordFailure(host.name, "probe", answer));
	}
	const text = await mustRun(host, {
		name: "probe",
		...sentProgram("probe", host.become, stdin),
		seconds,
	});
	const report = reportOf(host, text);
	const isThere = answer.code === otherProgram && report.program !== "-";
	return { report, installed: isThere ? report.program : undefined };
}

/**
 * Reads the host by the settings that were applied to it last.
 *
 * @throws SshError when the host cannot be read or has no program.
 */
export async function probeInstalled(host: Host): Promise<Report> {
	const answer = await host.session.run({
		name: "probe",
		text: callProgram("probe --installed", host.become),
		stdin: "",
		timeoutSeconds: probeSeconds,
	});
	if (answer.code === missingProgram) {
		throw new SshError(
			"command",
			`${host.name}: the host program is not installed any more; run \`pulumi up --refresh\``,
		);
	}
	if (answer.code !== 0) {
		throw new SshError("command", wordFailure(host.name, "probe", answer));
	}
	return reportOf(host, answer.stdout);
}

/** Puts the program on the host, whole or not at all. */
export async function install(host: Host): Promise<void> {
	const { text, hash } = hostProgram();
	await mustRun(host, {
		name: "install",
		text: installProgram(host.become),
		stdin: `${hash}\n${text}`,
		seconds: probeSeconds,
	});
}

/** Leaves settings on the host for the apply that comes next. */
export async function want(
	host: Host,
	settings: readonly Setting[],
	contents: Contents,
): Promise<void> {
	await mustRun(host, {
		name: "want",
		text: callProgram("want", host.become),
		stdin: encodeContents(contents) + encodeSettings(settings),
		seconds: probeSeconds,
	});
}

// The host belongs to another resource.
const otherOwnerCode = 67;

async function unlessOthers(
	host: Host,
	name: string,
	call: { readonly text: string; readonly stdin: string },
): Promise<boolean> {
	const answer = await host.session.run({
		name,
		...call,
		timeoutSeconds: changeSeconds,
	});
	if (answer.code !== 0 && answer.code !== otherOwnerCode) {
		throw new SshError("command", wordFailure(host.name, name, answer));
	}
	return answer.code === 0;
}

/**
 * Reverts the host for the resource that has this token; does nothing when
 * metaltune is gone from it.
 *
 * @returns whether it did: a host that another resource has taken over stays.
 */
export function revert(host: Host, owner: string): Promise<boolean> {
	const text = revertIfInstalled(revertFor(owner), host.become);
	return unlessOthers(host, "revert", { text, stdin: "" });
}

/**
 * Gives the host up for one resource, without changing anything else.
 *
 * @returns whether that resource had ever tuned this very host.
 */
export function disown(host: Host, owner: string): Promise<boolean> {
	const text = callProgram("disown", host.become);
	return unlessOthers(host, "disown", { text, stdin: `${owner}\n` });
}

// Too late: the host has gone back already.
const rolledBackCode = 66;

/**
 * Keeps what is on trial; only a login made after it was applied proves that.
 *
 * @returns whether the host had not gone back before.
 */
export async function confirm(host: Host): Promise<boolean> {
	const answer = await host.session.run({
		name: "confirm",
		text: callProgram("confirm", host.become),
		stdin: "",
		timeoutSeconds: changeSeconds,
	});
	if (answer.code !== 0 && answer.code !== rolledBackCode) {
		throw new SshError("command", wordFailure(host.name, "confirm", answer));
	}
	return answer.code === 0;
}

/**
 * Asks for a reboot; works on a host that has no program any more.
 *
 * @param rollbackSeconds within which the next boot will be confirmed; without
 *   it, that the host comes up is enough.
 */
export async function requestReboot(
	host: Host,
	rollbackSeconds: number | undefined,
): Promise<void> {
	const verb =
		rollbackSeconds === undefined
			? "reboot"
			: (`reboot --rollback=${rollbackSeconds}` as const);
	await mustRun(host, {
		name: "reboot",
		...sentProgram(verb, host.become, ""),
		seconds: 60,
	});
}

/** Which boot the host is in. */
export async function bootIdOf(host: Host): Promise<string> {
	const text = await mustRun(host, {
		name: "reading the boot id",
		text: readBootId,
		stdin: "",
		seconds: 60,
	});
	return text.trim();
}

/** Returns once cloud-init, where there is one, has done all it does. */
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

async function succeeds(
	host: Host,
	name: string,
	text: string,
	stdin = "",
): Promise<boolean> {
	const call = { name, text, stdin, timeoutSeconds: 60 };
	const answer = await host.session.run(call);
	return answer.code === 0;
}

/** Whether a boot-time change waits for a reboot. */
export function rebootRequired(host: Host): Promise<boolean> {
	return succeeds(host, "looking for reboot-required", isRebootRequired);
}

/**
 * Notes on the host that it was rebooted for settings, but runs without them:
 * nobody orders another reboot for the same ones before its next boot.
 */
export async function noteRebootInVain(
	host: Host,
	settingsHash: string,
): Promise<void> {
	await mustRun(host, {
		name: "noting that the reboot was in vain",
		text: noteVainReboot(host.become),
		stdin: `${settingsHash}\n`,
		seconds: 60,
	});
}

/** Whether the boot that runs was ordered for these settings, in vain. */
export function rebootedInVain(
	host: Host,
	settingsHash: string,
): Promise<boolean> {
	return succeeds(
		host,
		"looking for a reboot in vain",
		isVainReboot,
		`${settingsHash}\n`,
	);
}

/** Whether metaltune.service is still at work after a boot. */
export function bootAtWork(host: Host): Promise<boolean> {
	return succeeds(host, "looking at metaltune.service", isBootAtWork);
}

/** Whether an apply has ended and its changes wait to be confirmed. */
export function onTrial(host: Host): Promise<boolean> {
	return succeeds(host, "looking for changes on trial", isOnTrial(host.become));
}
