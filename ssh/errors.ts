/**
 * The wording of every failure between metaltune and a host: one sentence that
 * says where, what happened and what to do.
 */
import { boundedText, printableLines } from "../model/printable";
import { describeLogin, type Login } from "./remoteConnection";

export type SshFailure =
	| "refused"
	| "timedOut"
	| "noRoute"
	| "nameNotFound"
	| "hostKey"
	| "handshake"
	| "authentication"
	| "noAgent"
	| "privateKey"
	| "lost"
	| "cancelled"
	| "command";

// gRPC sends a failure in an HTTP/2 header of at most 64 KiB, with every byte
// written as three. A larger one would end the plugin, and the work on all
// hosts.
const longestMessage = 12 * 1024;

/** A failure of a connection or a command, with its kind for decisions. */
export class SshError extends Error {
	constructor(
		readonly failure: SshFailure,
		message: string,
	) {
		// The message quotes the host's output.
		super(boundedText(printableLines(message), longestMessage));
		this.name = "SshError";
	}
}

/** Failures that pass once a host has booted or is less busy. */
export function isTransient(error: unknown): boolean {
	return (
		error instanceof SshError &&
		["refused", "timedOut", "noRoute", "lost"].includes(error.failure)
	);
}

const timedOut = "the connection timed out: is the host up and the port open?";

const socketFailures: {
	readonly [code: string]: readonly [SshFailure, string];
} = {
	ECONNREFUSED: [
		"refused",
		"the connection was refused: is sshd running, and on this port?",
	],
	ETIMEDOUT: ["timedOut", timedOut],
	EHOSTUNREACH: [
		"noRoute",
		"there is no route to the host: check its address and the network",
	],
	ENETUNREACH: [
		"noRoute",
		"there is no route to the network: check the address and your own network",
	],
	ENOTFOUND: [
		"nameNotFound",
		"the name was not found: check `connection.address` and DNS",
	],
	EAI_AGAIN: [
		"nameNotFound",
		"the name could not be looked up: DNS did not answer",
	],
};

interface RawError {
	readonly code?: unknown;
	readonly level?: unknown;
	readonly message: string;
}

/** The methods of a login, and the agent's error if it failed. */
export interface LoginAttempt {
	readonly login: Login & { readonly proxy?: Login };
	/** For example `SSH agent`, `privateKeyFile ~/.ssh/id_ed25519`. */
	readonly methods: readonly string[];
	readonly agentError: string | undefined;
	/** Whether the port answered before the failure. */
	readonly connected: boolean;
}

/** Words an error of the SSH library that ended a dial. */
export function wordDialError(raw: RawError, attempt: LoginAttempt): SshError {
	const where = describeLogin(attempt.login);
	const known =
		typeof raw.code === "string" ? socketFailures[raw.code] : undefined;
	if (known !== undefined) {
		return new SshError(known[0], `${where}: ${known[1]}`);
	}
	if (raw.message.includes("Too many authentication failures")) {
		return new SshError(
			"authentication",
			`${where}: the SSH agent offers more keys than the host tries (MaxAuthTries); name the right one as \`agentKey\` in the connection (ssh-add -L prints them)`,
		);
	}
	if (raw.level === "client-authentication") {
		const agent =
			attempt.agentError === undefined
				? ""
				: ` (SSH agent: ${attempt.agentError})`;
		return new SshError(
			"authentication",
			`${where}: the host accepted none of: ${attempt.methods.join(", ")}${agent}; add the public key to the user's authorized_keys or load the right key with ssh-add`,
		);
	}
	if (raw.level === "client-timeout") {
		return new SshError(
			"timedOut",
			attempt.connected
				? `${where}: the login timed out: something listens there, but did not answer as sshd`
				: `${where}: ${timedOut}`,
		);
	}
	const dropped = raw.message === "Connection lost before handshake";
	if ((raw.level === "handshake" || raw.level === "protocol") && !dropped) {
		return new SshError(
			"handshake",
			`${where}: the SSH handshake failed: ${raw.message}`,
		);
	}
	return new SshError(
		"lost",
		`${where}: the connection was lost before the login: ${raw.message}`,
	);
}

/**
 * Adds to a failed proxy login that the proxy failed, not the host behind it.
 */
export function wordProxyError(
	error: unknown,
	target: Login & { readonly proxy?: Login },
): unknown {
	if (!(error instanceof SshError)) return error;
	const said = error.message.replace("`hostKey`", "`connection.proxy.hostKey`");
	return new SshError(
		error.failure,
		`${describeLogin(target)}: the login to the proxy failed: ${said}`,
	);
}
