/**
 * Opens SSH connections. The host key is always pinned: a login to anything
 * but the machine the inventory names must never get as far as a password.
 */
import type { Duplex } from "node:stream";
import { Client, type ServerHostKeyAlgorithm } from "ssh2";
import { quoted } from "../model/problem";
import { type Authentication, authenticationOf } from "./authentication";
import {
	describeLogin,
	fingerprint,
	type HostKey,
	type Login,
	parseHostKey,
	typeOfKey,
} from "./connection";
import { isTransient, SshError, wordDialError } from "./errors";

/** How patient a dial is. All times are seconds. */
export interface DialPatience {
	/** For one attempt, from the TCP connection to the login. */
	readonly attemptSeconds: number;
	/** No further attempt starts after this long; 0 is a single attempt. */
	readonly retrySeconds: number;
}

/** Enough for an sshd that restarts or sheds load, not for a boot. */
export const defaultPatience: DialPatience = {
	attemptSeconds: 10,
	retrySeconds: 12,
};

const keepaliveMilliseconds = 5000;
const missedKeepalives = 3;

/** A stream to the host, or an error that says why a proxy has none. */
export type OpenStream = () => Promise<Duplex>;

interface Dial {
	readonly login: Login & { readonly proxy?: Login };
	readonly hostKey: HostKey;
	readonly authentication: Authentication;
	readonly attemptSeconds: number;
	readonly stream: Duplex | undefined;
}

// RSA keys sign under other names than their own. SHA-1 is not among them.
const algorithms: readonly ServerHostKeyAlgorithm[] = [
	"ssh-ed25519",
	"ecdsa-sha2-nistp256",
	"ecdsa-sha2-nistp384",
	"ecdsa-sha2-nistp521",
	"rsa-sha2-512",
	"rsa-sha2-256",
];

/**
 * All algorithms, those of the pinned key first: a host presents the first of
 * its keys that the client names. The others are named so that a host that has
 * lost the pinned key shows one of them, which the error can quote. The whole
 * list is given, as the library's `prepend` moves no name that it has already.
 */
function algorithmsFor(pinned: string) {
	const own = pinned === "ssh-rsa" ? "rsa-sha2-" : pinned;
	const isOwn = (name: string) => name.startsWith(own);
	return [
		...algorithms.filter(isOwn),
		...algorithms.filter((name) => !isOwn(name)),
	];
}

function wordHostKeyMismatch(dial: Dial, offered: Buffer): SshError {
	return new SshError(
		"hostKey",
		`${describeLogin(dial.login)}: the host key is not the pinned one: expected ${dial.hostKey.type} ${fingerprint(dial.hostKey.blob)}, got ${typeOfKey(offered)} ${fingerprint(offered)}; if the machine was reinstalled, check the new key at its console, change \`hostKey\` in the inventory and run \`metaltune repair\`, otherwise somebody else answers at this address`,
	);
}

function dialOnce(dial: Dial): Promise<Client> {
	return new Promise((resolve, reject) => {
		const client = new Client();
		let connected = dial.stream !== undefined;
		let agentError: string | undefined;
		let hostKeyError: SshError | undefined;
		const fail = (raw: Error) => {
			client.destroy();
			reject(
				hostKeyError ??
					wordDialError(raw, {
						login: dial.login,
						methods: dial.authentication.methods,
						agentError,
						connected,
					}),
			);
		};
		client.on("connect", () => {
			connected = true;
			// Requests are small and each is waited for.
			client.setNoDelay(true);
		});
		client.on("error", (raw: Error & { level?: string }) => {
			// The library reports a broken agent and then still fails the login.
			if (raw.level === "agent") {
				agentError = raw.message;
			} else {
				fail(raw);
			}
		});
		client.once("close", () => fail(new Error("closed by the other side")));
		client.once("ready", () => resolve(client));
		client.connect({
			...(dial.stream === undefined
				? { host: dial.login.host, port: dial.login.port }
				: { sock: dial.stream }),
			...dial.authentication.config,
			username: dial.login.user,
			readyTimeout: dial.attemptSeconds * 1000,
			keepaliveInterval: keepaliveMilliseconds,
			keepaliveCountMax: missedKeepalives,
			algorithms: {
				serverHostKey: algorithmsFor(dial.hostKey.type),
			},
			hostVerifier: (offered: Buffer) => {
				if (offered.equals(dial.hostKey.blob)) {
					return true;
				}
				hostKeyError = wordHostKeyMismatch(dial, offered);
				return false;
			},
		});
	});
}

function pinnedKey(login: Login): HostKey {
	const key = parseHostKey(login.hostKey);
	if (key === undefined) {
		throw new SshError(
			"hostKey",
			`${describeLogin(login)}: expected \`hostKey\` to be a public key such as "ssh-ed25519 AAAA...", got ${quoted(login.hostKey)}; run ssh-keyscan and compare its answer with the host's console`,
		);
	}
	return key;
}

function pause(milliseconds: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Logs in, trying again while the failure is one that passes.
 *
 * @param openStream where the bytes go instead of a TCP connection of our own.
 * @throws SshError one sentence naming user, address and port.
 */
export async function dial(
	login: Login & { readonly proxy?: Login },
	patience: DialPatience,
	openStream: OpenStream | undefined,
): Promise<Client> {
	const hostKey = pinnedKey(login);
	const authentication = authenticationOf(login, process.env.SSH_AUTH_SOCK);
	const giveUpAt = performance.now() + patience.retrySeconds * 1000;
	for (let delay = 250; ; delay = Math.min(delay * 2, 4000)) {
		try {
			const stream = await openStream?.();
			const { attemptSeconds } = patience;
			return await dialOnce({
				login,
				hostKey,
				authentication,
				attemptSeconds,
				stream,
			});
		} catch (error) {
			if (!isTransient(error) || performance.now() + delay > giveUpAt) {
				throw error;
			}
		}
		await pause(delay);
	}
}
