/**
 * Runs one verb of the host program on a host: with the installed program if its
 * hash is known, else with the controller's, sent along.
 */
import { createHash } from "node:crypto";
import {
	defaultTimeouts,
	type TimeoutKey,
	type Timeouts,
	timeoutPath,
} from "../model/timeouts";
import { SshError } from "../ssh/errors";
import type { Pool, Session } from "../ssh/pool";
import type { RemoteConnection } from "../ssh/remoteConnection";
import type { CommandResult } from "../ssh/session";
import { type HostProgram, hostProgram, programCall } from "./assemble";
import { mustSucceed } from "./failure";
import { exitCodes, type Verb } from "./protocol";
import { callKnown, runFromStdin } from "./shell";

/** One host during one task: its name for messages, and its session. */
export interface Host {
	readonly name: string;
	readonly become: boolean;
	readonly session: Session;
	/** As the inventory declares them. */
	readonly timeouts: Timeouts;
}

const progressMilliseconds = 10_000;

/** A session that reports which command it waits for, and its limit. */
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
 * @param progress is called for every command that takes long.
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

/** What `runFromStdin` reads: the program, with its own input quoted in it. */
export function sentProgram(input: string, program = hostProgram()): string {
	const end = "METALTUNE_INPUT";
	const body = program.text.slice(0, -programCall.length);
	const text = `${body}${programCall.trimEnd()} <<'${end}'\n${input}${end}\n`;
	return `${createHash("sha256").update(text).digest("hex")}\n${text}`;
}

/** How long a verb may take on the host, and the setting that extends it. */
export interface Limit {
	readonly seconds: number;
	readonly raisedBy: string;
}

/** What a host's inventory declares, else the default. */
export function limitOf(
	host: Host,
	key: TimeoutKey & keyof typeof defaultTimeouts,
): Limit {
	return {
		seconds: host.timeouts[key] ?? defaultTimeouts[key],
		raisedBy: timeoutPath(key),
	};
}

// The host ends a verb that hangs first, since it can name the hanging command.
const laterSeconds = 5;

/** How long the controller waits after the host's own limit. */
export function waitFor({ seconds, ...rest }: Call["limit"]) {
	return { timeoutSeconds: seconds + laterSeconds, ...rest };
}

/** A verb for `withKnownProgram`, and the input that it takes. */
export interface Call {
	/** For messages. */
	readonly name: string;
	readonly verb: Verb;
	readonly input: string;
	/** Absent for verbs whose limit cannot be raised. */
	readonly limit: Pick<Limit, "seconds"> & Partial<Limit>;
	/** Programs that support it, the one to send first; any when not given. */
	readonly programs?: readonly [HostProgram, ...HostProgram[]];
}

// Only the whole program can remove a host's applications.
const anyProgram = () => [hostProgram("whole"), hostProgram("tuning")] as const;

/**
 * Runs a verb with the installed program if its hash is known, else with the
 * controller's, sent along. So a host without its program keeps working.
 *
 * @returns the answer, and what was installed.
 */
export async function withKnownProgram(
	host: Host,
	{ name, verb, input, limit, programs = anyProgram() }: Call,
): Promise<
	CommandResult & { readonly installed: "known" | "other" | "missing" }
> {
	const { become } = host;
	const { seconds } = limit;
	const answer = await host.session.run({
		name,
		text: callKnown(verb, become, seconds),
		stdin: `${programs.map(({ hash }) => hash).join(" ")}\n${input}`,
		...waitFor(limit),
	});
	const { code } = answer;
	if (code !== exitCodes.missingProgram && code !== exitCodes.otherProgram) {
		return { ...answer, installed: "known" };
	}
	const sent = await host.session.run({
		name,
		text: runFromStdin(verb, become, seconds),
		stdin: sentProgram(input, programs[0]),
		...waitFor(limit),
	});
	return {
		...sent,
		installed: code === exitCodes.otherProgram ? "other" : "missing",
	};
}

/** Runs a verb whose only valid exit code is 0. */
export async function mustCall(host: Host, call: Call): Promise<CommandResult> {
	const answer = await withKnownProgram(host, call);
	mustSucceed(host.name, call.name, answer);
	return answer;
}
