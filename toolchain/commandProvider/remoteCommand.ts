/**
 * `command:remote:Command`. Every run opens its own connection, as in the real
 * provider, so that measurements apply to both.
 */
import { constants } from "node:os";
import type { ClientChannel } from "ssh2";
import {
	type Printed,
	previousOutput,
	printedBy,
	type RunningCommand,
} from "./commandOutput";
import { commandResource, type Resource } from "./commandResource";
import { openSession, type Session } from "./environmentSession";
import { commandShape, textEntriesOf, textOf } from "./inputs";
import type { Log } from "./resourceLog";
import {
	type Connection,
	cancelled,
	connect,
	wasCancelled,
} from "./retriedConnection";
import type { Properties } from "./secrets";

export const remoteCommand: Resource = commandResource(
	{ ...commandShape, connection: { kind: "connection", required: true } },
	runRemotely,
);

async function runRemotely(
	command: string,
	properties: Properties,
	log: Log,
): Promise<Printed> {
	const open = await connect(properties.connection as Connection, log);
	try {
		const session = await openSession(open.client);
		await setEnvironment(session, properties, log);
		const channel = await session.start(command);
		const result = printedBy(
			command,
			running(channel),
			properties.logging,
			log,
		);
		channel.end(textOf(properties, "stdin") ?? "");
		return await result;
	} finally {
		open.close();
	}
}

async function setEnvironment(
	session: Session,
	properties: Properties,
	log: Log,
): Promise<void> {
	const refusal = (name: string) =>
		`environment ${name}: expected the SSH server to accept it, but it refused; add it to AcceptEnv there, or write NAME=value before the command`;
	for (const [name, value] of textEntriesOf(properties, "environment")) {
		if (!(await session.setVariable(name, value))) {
			throw new Error(refusal(name));
		}
	}
	for (const [name, value] of previousOutput(properties)) {
		if (!(await session.setVariable(name, value))) {
			log.warn(refusal(name));
		}
	}
}

function running(channel: ClientChannel): RunningCommand {
	let failure: string | undefined =
		"wait: remote command exited without exit status or exit signal";
	channel.on("exit", (status: number | null, signal?: NodeJS.Signals) => {
		failure = exitFailure(status, signal);
	});
	return {
		stdout: channel,
		stderr: channel.stderr,
		failure: new Promise((resolve) => {
			channel.once("close", () =>
				resolve(failure && wasCancelled() ? cancelled : failure),
			);
		}),
	};
}

// Worded as in the real provider, because users search for such texts.
function exitFailure(
	status: number | null,
	signal: NodeJS.Signals | undefined,
): string | undefined {
	if (status === 0) {
		return undefined;
	}
	if (status !== null || signal === undefined) {
		return `Process exited with status ${status}`;
	}
	const number = 128 + constants.signals[signal];
	return `Process exited with status ${number} from signal ${signal.slice(3)}`;
}
