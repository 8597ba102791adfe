/**
 * One SSH connection for one operation, retried as in the real provider. Ten
 * failed attempts are allowed by default, with waits that grow from 0.1 s to 5
 * s.
 */
import { connect as connectSocket } from "node:net";
import { setTimeout } from "node:timers/promises";
import {
	type AuthenticationType,
	Client,
	type ClientChannel,
	type ConnectConfig,
	type ServerHostKeyAlgorithm,
	utils,
} from "ssh2";
import { fingerprint, typeOfKey } from "../../model/publicKey";
import { parseAuthorizedKey } from "./authorizedKey";
import type { Log } from "./resourceLog";

/** Address and login; the same names as the resource's inputs. */
export interface Endpoint {
	readonly host: string;
	readonly port: number;
	readonly user: string;
	readonly password?: string;
	readonly privateKey?: string;
	readonly privateKeyPassword?: string;
	readonly agentSocketPath?: string;
	/** Without it, any host key is accepted. */
	readonly hostKey?: string;
	/** How many failed attempts are allowed; -1 means no limit. */
	readonly dialErrorLimit: number;
	/** Seconds for one attempt; 0 means no limit. */
	readonly perDialTimeout: number;
}

export interface Connection extends Endpoint {
	readonly proxy?: Endpoint;
}

/** When a silent host counts as gone. */
export interface Keepalive {
	/** Milliseconds between two keepalive requests. */
	readonly keepaliveInterval: number;
	/** How many requests may stay unanswered. */
	readonly keepaliveCountMax: number;
}

// The default of Go's sockets, which the real provider uses.
const keepaliveOfGo: Keepalive = {
	keepaliveInterval: 15_000,
	keepaliveCountMax: 9,
};

// All connections, which `cancel` ends.
const clients = new Set<Client>();
let isCancelled = false;

/** The error of a cancelled command, as Go words it. */
export const cancelled = "context canceled";

/** Ends every connection and dial, when the deployment is cancelled. */
export function cancelAll(): void {
	isCancelled = true;
	for (const client of clients) client.destroy();
}

/** Whether `cancelAll` was called. */
export function wasCancelled(): boolean {
	return isCancelled;
}

export interface OpenConnection {
	readonly client: Client;
	close(): void;
}

/**
 * Logs in, through the proxy if there is one. The connection closes when the
 * host falls silent, as after a power cut.
 *
 * @throws Error that names the host when the attempts are used up.
 */
export async function connect(
	connection: Connection,
	log: Log,
	keepalive = keepaliveOfGo,
): Promise<OpenConnection> {
	const { proxy } = connection;
	const config = await loginConfig(connection, keepalive);
	if (proxy === undefined) {
		const client = await retried("Dial", connection, log, () =>
			login(connection, { ...config, ...address(connection) }),
		);
		return { client, close: () => client.end() };
	}
	const proxyConfig = await loginConfig(proxy, keepalive);
	const hop = await retried("Dial proxy", proxy, log, () =>
		login(proxy, { ...proxyConfig, ...address(proxy) }),
	);
	try {
		const client = await retried("Dial from proxy", connection, log, async () =>
			login(connection, { ...config, sock: await forward(hop, connection) }),
		);
		client.once("close", () => hop.end());
		return { client, close: () => client.end() };
	} catch (error) {
		hop.end();
		throw error;
	}
}

async function retried<T>(
	what: string,
	{ host, port, dialErrorLimit }: Endpoint,
	log: Log,
	attempt: () => Promise<T>,
): Promise<T> {
	let delay = 100;
	for (let failures = 1; ; failures++) {
		try {
			if (isCancelled) throw new Error(cancelled);
			return await attempt();
		} catch (error) {
			if (isCancelled) throw new Error(`${what} ${host}:${port}: ${cancelled}`);
			if (dialErrorLimit > -1 && failures > dialErrorLimit) {
				throw new Error(
					`${what} ${host}:${port}: after ${failures - 1} failed attempts: ${error instanceof Error ? error.message : String(error)}`,
				);
			}
			const limit = dialErrorLimit === -1 ? "inf" : dialErrorLimit;
			log.progress(`${what} ${failures}/${limit} failed: retrying`);
			await setTimeout(delay);
			delay = Math.min(delay * 1.5, 5000);
		}
	}
}

function address({ host, port }: Endpoint) {
	return { host, port };
}

async function loginConfig(
	endpoint: Endpoint,
	keepalive: Keepalive,
): Promise<ConnectConfig> {
	const { privateKey, privateKeyPassword, password } = endpoint;
	const agent = endpoint.agentSocketPath ?? process.env.SSH_AUTH_SOCK;
	const methods: AuthenticationType[] = ["none"];
	if (privateKey !== undefined) {
		const key = utils.parseKey(privateKey, privateKeyPassword);
		if (key instanceof Error) {
			throw new Error(`privateKey of ${endpoint.host}: ${key.message}`);
		}
		methods.push("publickey");
	}
	if (password !== undefined) {
		methods.push("password", "keyboard-interactive");
	}
	if (agent !== undefined && agent !== "") {
		await requireSocket(agent);
		methods.push("agent");
	}
	return {
		...keepalive,
		username: endpoint.user,
		readyTimeout: endpoint.perDialTimeout * 1000,
		authHandler: methods,
		...(privateKey === undefined ? {} : { privateKey }),
		...(privateKeyPassword === undefined
			? {}
			: { passphrase: privateKeyPassword }),
		...(password === undefined ? {} : { password, tryKeyboard: true }),
		...(agent === undefined || agent === "" ? {} : { agent }),
	};
}

// A wrong agent path is a mistake that a retry does not fix.
function requireSocket(path: string): Promise<void> {
	return new Promise((resolve, reject) => {
		const socket = connectSocket(path);
		socket.once("connect", () => {
			socket.destroy();
			resolve();
		});
		socket.once("error", (error) =>
			reject(new Error(`SSH agent ${path}: ${error.message}`)),
		);
	});
}

function login(endpoint: Endpoint, config: ConnectConfig): Promise<Client> {
	const { hostKey, password } = endpoint;
	const client = new Client();
	return new Promise((resolve, reject) => {
		const pinned = hostKey === undefined ? {} : pinning(hostKey, reject);
		client.on("keyboard-interactive", (_name, _text, _lang, prompts, finish) =>
			finish(prompts.map(() => password ?? "")),
		);
		// As Go does for every socket; otherwise each small packet may wait 40 ms.
		client.once("connect", () => client.setNoDelay());
		client.once("ready", () => resolve(client));
		// Stays registered: a lost connection must not end the process.
		client.on("error", reject);
		clients.add(client);
		client.once("close", () => {
			clients.delete(client);
			reject(new Error("connection closed"));
		});
		client.connect({ ...config, ...pinned });
	});
}

// RSA keys sign under other algorithm names. Version 1.2.1 of the real provider
// asks for "ssh-rsa", with SHA-1, which sshd refuses since OpenSSH 8.8.
function signaturesOf(keyType: string): ServerHostKeyAlgorithm[] {
	return keyType === "ssh-rsa"
		? ["rsa-sha2-512", "rsa-sha2-256"]
		: [keyType as ServerHostKeyAlgorithm];
}

/** `TYPE SHA256:...`. */
function describeKey(blob: Buffer): string {
	return `${typeOfKey(blob)} ${fingerprint(blob)}`;
}

function pinning(
	hostKey: string,
	refuse: (error: Error) => void,
): Partial<ConnectConfig> {
	const { type, blob } = parseAuthorizedKey(hostKey);
	return {
		algorithms: { serverHostKey: signaturesOf(type) },
		hostVerifier: (presented: Buffer) => {
			if (presented.equals(blob)) {
				return true;
			}
			refuse(
				new Error(
					`host key mismatch: expected ${describeKey(blob)}, got ${describeKey(presented)}`,
				),
			);
			return false;
		},
	};
}

function forward(hop: Client, target: Endpoint): Promise<ClientChannel> {
	return new Promise((resolve, reject) => {
		hop.forwardOut("127.0.0.1", 0, target.host, target.port, (error, stream) =>
			error === undefined ? resolve(stream) : reject(error),
		);
	});
}
