/**
 * An SSH server inside the test process, for hosts that misbehave on command
 * in ways a real sshd cannot be talked into.
 */
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	type AuthContext,
	type Connection,
	Server,
	type ServerChannel,
	utils,
} from "ssh2";
import type { RemoteConnection } from "../../ssh/remoteConnection";

export interface TestServer {
	readonly connection: RemoteConnection;
	/** Every connection that was ever opened. */
	readonly opened: Connection[];
	/** How many are open now. */
	open(): number;
	/** Authentication methods seen, in order. */
	readonly methods: string[];
	close(): Promise<void>;
}

export interface ServerOptions {
	/** What a command does; exits 0 without output when left out. */
	readonly exec?: (
		channel: ServerChannel,
		command: string,
		connection: Connection,
	) => void;
	readonly authenticate?: (context: AuthContext) => void;
	/** Whether connections to other hosts are forwarded. */
	readonly forwards?: boolean;
}

export const password = "correct horse battery";

/** An ed25519 key pair in OpenSSH form. ssh2's own are malformed at times. */
export function keyPair() {
	const directory = mkdtempSync(join(tmpdir(), "metaltune-pair-"));
	const file = join(directory, "key");
	try {
		execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file]);
		return {
			private: readFileSync(file, "utf8"),
			public: readFileSync(`${file}.pub`, "utf8").trim(),
		};
	} finally {
		rmSync(directory, { recursive: true });
	}
}

/** An RSA host key, to see that its signature names are offered. */
export function rsaPair() {
	const { privateKey } = generateKeyPairSync("rsa", {
		modulusLength: 2048,
		publicKeyEncoding: { type: "pkcs1", format: "pem" },
		privateKeyEncoding: { type: "pkcs1", format: "pem" },
	});
	const parsed = utils.parseKey(privateKey);
	if (parsed instanceof Error) {
		throw parsed;
	}
	const blob = parsed.getPublicSSH().toString("base64");
	return { private: privateKey, public: `ssh-rsa ${blob}` };
}

function acceptPassword(context: AuthContext): void {
	if (context.method === "password" && context.password === password) {
		context.accept();
	} else {
		context.reject(["password"]);
	}
}

function serve(connection: Connection, options: ServerOptions): void {
	connection.on("session", (accept) => {
		accept().on("exec", (acceptExec, _reject, info) => {
			const channel = acceptExec();
			if (options.exec !== undefined) {
				options.exec(channel, info.command, connection);
				return;
			}
			channel.exit(0);
			channel.end();
		});
	});
	connection.on("tcpip", (accept, reject, info) => {
		if (options.forwards !== true) {
			reject();
			return;
		}
		const socket = connect(info.destPort, info.destIP);
		socket.on("error", () => reject());
		socket.on("connect", () => {
			const channel = accept();
			socket.pipe(channel).pipe(socket);
			channel.on("error", () => socket.destroy());
		});
	});
}

export async function startServer(
	options: ServerOptions = {},
	pair: { readonly private: string; readonly public: string } = keyPair(),
): Promise<TestServer> {
	const opened: Connection[] = [];
	const alive = new Set<Connection>();
	const methods: string[] = [];
	const server = new Server({ hostKeys: [pair.private] }, (connection) => {
		opened.push(connection);
		alive.add(connection);
		connection.on("error", () => undefined);
		connection.on("close", () => alive.delete(connection));
		connection.on("authentication", (context) => {
			methods.push(context.method);
			(options.authenticate ?? acceptPassword)(context);
		});
		connection.on("ready", () => serve(connection, options));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	return {
		connection: {
			host: "127.0.0.1",
			port,
			user: "tester",
			hostKey: pair.public,
			become: false,
			password,
		},
		opened,
		methods,
		open: () => alive.size,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				for (const connection of alive) {
					connection.end();
				}
			}),
	};
}

/** Waits until a condition holds; fails loudly when it never does. */
export async function until(what: string, holds: () => boolean): Promise<void> {
	const giveUpAt = Date.now() + 15_000;
	while (!holds()) {
		if (Date.now() > giveUpAt) {
			throw new Error(`did not happen in time: ${what}`);
		}
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
}
