/**
 * Opens SSH connections. The host key is always pinned, so that a password is
 * sent only to the machine that the inventory names.
 */
import type { Duplex } from "node:stream";
import { Client, type ServerHostKeyAlgorithm } from "ssh2";
import { quoted } from "../model/problem";
import {
	fingerprint,
	type PublicKey,
	parsePublicKey,
	typeOfKey,
} from "../model/publicKey";
import { type Authentication, authenticationOf } from "./authentication";
import { isTransient, SshError, wordDialError } from "./errors";
import { describeLogin, type Login } from "./remoteConnection";

/** Time limits of a dial, in seconds. */
export interface DialPatience {
	/** For one attempt, from the TCP connection to the login. */
	readonly attemptSeconds: number;
	/** No further attempt starts after this long; 0 allows a single attempt. */
	readonly retrySeconds: number;
}

/** Long enough for an sshd that restarts or sheds load, but not for a boot. */
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
	readonly hostKey: PublicKey;
	readonly authentication: Authentication;
	readonly attemptSeconds: number;
	readonly stream: Duplex | undefined;
}

// RSA keys sign under other algorithm names. SHA-1 is not among them.
const algorithms: readonly ServerHostKeyAlgorithm[] = [
	"ssh-ed25519",
	"ecdsa-sha2-nistp256",
	"ecdsa-sha2-nistp384",
	"ecdsa-sha2-nistp521",
	"rsa-sha2-512",
	"rsa-sha2-256",
];

/**
 * All algorithms, those of the pinned key first: sshd presents the first of its
 * keys that the client names. With the others, a host without the pinned key
 * shows one of its keys, which the error can quote. The whole list is given,
 * because the library's `prepend` does not move a name that it already has.
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
		`${describeLogin(dial.login)}: the host key is not the pinned one: expected ${dial.hostKey.type} ${fingerprint(dial.hostKey.blob)}, got ${typeOfKey(offered)} ${fingerprint(offered)}; if the machine was reinstalled, check the new key at its console, change \`hostKey\` in the inventory and run \`metaltune repair\`, otherwise another machine answers at this address`,
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
			// Requests are small and each waits for its answer.
			client.setNoDelay(true);
		});
		client.on("error", (raw: Error & { level?: string }) => {
			// The library reports a broken agent and still fails the login afterwards.
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

function pinnedKey(login: Login): PublicKey {
	const key = parsePublicKey(login.hostKey);
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
 * Logs in, and retries after temporary failures.
 *
 * @param openStream opens the stream to use in place of a new TCP connection.
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
