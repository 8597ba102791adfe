/**
 * The host program as the provider uses it: install, probe, revert, reboot.
 * Its failures are worded here, once, from exit code and standard error.
 */
import { createHash } from "node:crypto";
import type { Report } from "../inventory/facts";
import { isChange, parseReport } from "../inventory/report";
import {
	type Contents,
	encodeContents,
	type Setting,
	settingsStream,
} from "../inventory/settings";
import {
	defaultTimeouts,
	type TimeoutKey,
	type Timeouts,
	timeoutPath,
} from "../inventory/timeouts";
import { hostProgram, programCall } from "../tunables/hostProgram";
import type { RemoteConnection } from "./connection";
import {
	callKnown,
	callProgram,
	changeOnTrial,
	installProgram,
	isBootAtWork,
	isRebootRequired,
	isVainReboot,
	missingProgram,
	noteVainReboot,
	otherProgram,
	readBootId,
	revertFor,
	revertWithKnown,
	runFromStdin,
	type Verb,
	waitForCloudInit,
} from "./remoteShell";
import type { CommandResult, RemoteCommand } from "./sshCommand";
import { SshError } from "./sshError";
import type { Pool, Session } from "./sshPool";

/** One host during one task: its name for messages, and the way to it. */
export interface Host {
	readonly name: string;
	readonly become: boolean;
	readonly session: Session;
	/** As the inventory declares them. */
	readonly timeouts: Timeouts;
}

/** A probe, and what it says about the program on the host. */
export interface Probe {
	readonly report: Report;
	/** SHA-256 of the installed program; undefined when there is none. */
	readonly installed: string | undefined;
}

const progressMilliseconds = 10_000;

/** A session that says what it waits for, and how long it may. */
function told(
	name: string,
	session: Session,
	progress: (text: string) => void,
): Session {
	return {
		async run(command) {
			const started = Date.now();
			const timer = setInterval(() => {
				const waited = Math.round((Date.now() - started) / 1000);
				progress(
					`${name}: ${command.name}: ${waited} of at most ${command.timeoutSeconds} s`,
				);
			}, progressMilliseconds);
			try {
				return await session.run(command);
			} finally {
				clearInterval(timer);
			}
		},
	};
}

/**
 * Runs a task on a host with the host's own name in every failure.
 *
 * @param progress is told of every command that takes long.
 */
export function withHost<Result>(
	pool: Pool,
	name: string,
	connection: RemoteConnection,
	task: (host: Host) => Promise<Result>,
	progress: (text: string) => void = () => undefined,
): Promise<Result> {
	return pool
		.use(connection, (session) =>
			task({
				name,
				become: connection.become,
				timeouts: connection.timeouts ?? {},
				session: told(name, session, progress),
			}),
		)
		.catch((error) => {
			if (error instanceof SshError && !error.message.startsWith(`${name}:`)) {
				throw new SshError(error.failure, `${name}: ${error.message}`);
			}
			throw error;
		});
}

/** How long a verb may take on the host, and what gives it longer. */
export interface Limit {
	readonly seconds: number;
	readonly raisedBy: string;
}

/** What a host's inventory declares, else the default. */
function limitOf(host: Host, key: TimeoutKey & keyof typeof defaultTimeouts) {
	return {
		seconds: host.timeouts[key] ?? defaultTimeouts[key],
		raisedBy: timeoutPath(key),
	};
}

// The host ends a verb that hangs first, since it knows what hung.
const laterSeconds = 5;

// What the controller waits for a verb that the host ends after its limit.
function waitFor({ seconds, ...rest }: Call["limit"]) {
	return { timeoutSeconds: seconds + laterSeconds, ...rest };
}

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

async function mustRun(host: Host, command: RemoteCommand): Promise<string> {
	const result = await host.session.run(command);
	if (result.code !== 0) {
		throw new SshError("command", wordFailure(host.name, command.name, result));
	}
	return result.stdout;
}

/** What `runFromStdin` reads: the program, with its own input quoted in it. */
export function sentProgram(input: string): string {
	const end = "METALTUNE_INPUT";
	const body = hostProgram().text.slice(0, -programCall.length);
	const text = `${body}${programCall.trimEnd()} <<'${end}'\n${input}${end}\n`;
	return `${createHash("sha256").update(text).digest("hex")}\n${text}`;
}

/** A verb for `withKnownProgram`, and the input that it takes. */
interface Call {
	/** For messages. */
	readonly name: string;
	readonly verb: Verb;
	readonly input: string;
	/** Some verbs have one that nothing raises. */
	readonly limit: Pick<Limit, "seconds"> & Partial<Limit>;
	/** Runs it by the installed program; `callKnown` when not given. */
	readonly call?: (become: boolean, limitSeconds: number) => string;
}

/**
 * Runs a verb by the installed program where that is the one we know, else by
 * ours, sent along: a host that has lost its program has lost nothing else.
 *
 * @returns the answer, and what was installed.
 */
export async function withKnownProgram(
	host: Host,
	{ name, verb, input, limit, call }: Call,
): Promise<
	CommandResult & { readonly installed: "known" | "other" | "missing" }
> {
	const { become } = host;
	const { seconds } = limit;
	const answer = await host.session.run({
		name,
		text: call?.(become, seconds) ?? callKnown(verb, become, seconds),
		stdin: `${hostProgram().hash}\n${input}`,
		...waitFor(limit),
	});
	const { code } = answer;
	if (code !== missingProgram && code !== otherProgram) {
		return { ...answer, installed: "known" };
	}
	const sent = await host.session.run({
		name,
		text: runFromStdin(verb, become, seconds),
		stdin: sentProgram(input),
		...waitFor(limit),
	});
	return { ...sent, installed: code === otherProgram ? "other" : "missing" };
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
 * @param limit how long each of the two may take.
 * @throws SshError when the host cannot be read.
 */
export async function probe(
	host: Host,
	settings: readonly Setting[],
	limit: Limit = limitOf(host, "probeSeconds"),
): Promise<Probe> {
	const answer = await withKnownProgram(host, {
		name: "probe",
		verb: "probe",
		input: settingsStream(settings),
		limit,
	});
	if (answer.code !== 0) {
		throw new SshError("command", wordFailure(host.name, "probe", answer));
	}
	const report = reportOf(host, answer.stdout);
	const isThere = answer.installed !== "missing" && report.program !== "-";
	return { report, installed: isThere ? report.program : undefined };
}

/**
 * Reads the host by the settings that were applied to it last.
 *
 * @throws SshError when the host cannot be read or has no program.
 */
export async function probeInstalled(host: Host): Promise<Report> {
	const limit = limitOf(host, "probeSeconds");
	const answer = await host.session.run({
		name: "probe",
		text: callProgram("probe --installed", host.become, limit.seconds),
		stdin: "",
		...waitFor(limit),
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
		...waitFor(limitOf(host, "probeSeconds")),
	});
}

/** Leaves settings on the host for the apply that comes next. */
export async function want(
	host: Host,
	settings: readonly Setting[],
	contents: Contents,
): Promise<void> {
	const limit = limitOf(host, "probeSeconds");
	await mustRun(host, {
		name: "want",
		text: callProgram("want", host.become, limit.seconds),
		stdin: encodeContents(contents) + settingsStream(settings),
		...waitFor(limit),
	});
}

/**
 * Runs a verb that changes the host, unless the host answers that it is too
 * late or not the caller's to change.
 *
 * @param declined the exit code of that answer.
 * @returns whether it was done.
 */
async function unlessDeclined(
	host: Host,
	declined: number,
	call: Pick<Call, "name" | "verb" | "input" | "call">,
): Promise<boolean> {
	const answer = await withKnownProgram(host, {
		...call,
		limit: limitOf(host, "revertSeconds"),
	});
	if (answer.code !== 0 && answer.code !== declined) {
		throw new SshError("command", wordFailure(host.name, call.name, answer));
	}
	return answer.code === 0;
}

// The host belongs to another resource.
const otherOwnerCode = 67;

/**
 * Reverts the host for the resource that has this token, also one that has lost
 * its program or has another: what could not be run is not what there is nothing
 * to do for.
 *
 * @returns whether it did: a host that another resource has taken over stays.
 */
export async function revert(host: Host, owner: string): Promise<boolean> {
	const verb = revertFor(owner);
	return unlessDeclined(host, otherOwnerCode, {
		name: "revert",
		verb,
		input: "",
		call: (become, limit) => revertWithKnown(verb, become, limit),
	});
}

/**
 * Gives the host up for one resource, without changing anything else.
 *
 * @returns whether that resource had ever tuned this very host.
 */
export function disown(host: Host, owner: string): Promise<boolean> {
	return unlessDeclined(host, otherOwnerCode, {
		name: "disown",
		verb: "disown",
		input: `${owner}\n`,
	});
}

// Too late: the host has gone back already.
const rolledBackCode = 66;

/** Whether a change on trial is one that applied these settings. */
export function isChangeTo(change: string, settingsHash: string): boolean {
	return change.startsWith(`${settingsHash.slice(0, 12)}-`);
}

/**
 * Keeps a change that is on trial, and no other; only a login made after it was
 * applied proves that it may stay.
 *
 * @returns whether the host had not gone back before.
 * @throws SshError when another change is on trial.
 */
export async function confirm(host: Host, change: string): Promise<boolean> {
	if (!isChange(change)) {
		throw new SshError("command", `${host.name}: confirm: no such change`);
	}
	return unlessDeclined(host, rolledBackCode, {
		name: "confirm",
		verb: `confirm ${change}`,
		input: "",
	});
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
		text: runFromStdin(verb, host.become),
		stdin: sentProgram(""),
		timeoutSeconds: 60,
	});
}

/** Which boot the host is in. */
export async function bootIdOf(host: Host): Promise<string> {
	const text = await mustRun(host, {
		name: "reading the boot id",
		text: readBootId,
		stdin: "",
		timeoutSeconds: 60,
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
		timeoutSeconds: seconds,
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
	// What could not be looked at is not what is not there.
	if (answer.code !== 0 && answer.code !== 1) {
		throw new SshError("command", wordFailure(host.name, name, answer));
	}
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
		timeoutSeconds: 60,
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

/** The change that has been applied and waits to be confirmed, if one does. */
export async function onTrial(host: Host): Promise<string | undefined> {
	const name = "looking for changes on trial";
	const answer = await host.session.run({
		name,
		text: changeOnTrial(host.become),
		stdin: "",
		timeoutSeconds: 60,
	});
	const change = answer.stdout.trimEnd().split("\t").at(-1) ?? "";
	return answer.code === 0 && isChange(change) ? change : undefined;
}
