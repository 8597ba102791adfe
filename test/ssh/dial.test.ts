/** Every way a login or a command can fail, and what the person reads then. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { utils } from "ssh2";
import { fingerprint, parsePublicKey } from "../../model/publicKey";
import type { DialPatience } from "../../ssh/dial";
import { SshError, wordDialError } from "../../ssh/errors";
import { createPool } from "../../ssh/pool";
import type { RemoteConnection } from "../../ssh/remoteConnection";
import type { RemoteCommand } from "../../ssh/session";
import {
	keyPair,
	password,
	rsaPair,
	type ServerOptions,
	startServer,
	type TestServer,
	until,
} from "./sshServer";

const impatient: DialPatience = { attemptSeconds: 5, retrySeconds: 0 };
const patient: DialPatience = { attemptSeconds: 5, retrySeconds: 10 };

const servers: { close(): Promise<void> }[] = [];

async function server(
	options?: ServerOptions,
	pair?: { private: string; public: string },
): Promise<TestServer> {
	const started = await startServer(options, pair);
	servers.push(started);
	return started;
}

afterEach(async () => {
	await Promise.all(servers.splice(0).map((started) => started.close()));
});

function newPool(patience = impatient, idleSeconds = 0.05, handshakes = 32) {
	return createPool({ idleSeconds, handshakes, patience });
}

function command(change: Partial<RemoteCommand> = {}): RemoteCommand {
	return { name: "probe", text: "x", stdin: "", timeoutSeconds: 10, ...change };
}

async function failureOf(work: Promise<unknown>): Promise<SshError> {
	const error = await work.then(
		() => undefined,
		(reason) => reason,
	);
	if (!(error instanceof SshError)) {
		throw new Error(`expected an SshError, got ${error}`);
	}
	return error;
}

function login(connection: RemoteConnection, patience = impatient) {
	return newPool(patience).use(connection, async (session) =>
		session.run(command()),
	);
}

async function listen(serve: (socket: Socket) => void): Promise<number> {
	const sockets: Socket[] = [];
	const netServer = createServer((socket) => {
		sockets.push(socket);
		socket.on("error", () => undefined);
		serve(socket);
	});
	await new Promise<void>((r) => netServer.listen(0, "127.0.0.1", r));
	servers.push({
		close: () =>
			new Promise((resolve) => {
				netServer.close(() => resolve());
				for (const socket of sockets) {
					socket.destroy();
				}
			}),
	});
	return (netServer.address() as AddressInfo).port;
}

describe("a login that fails", () => {
	test("refused: names user, address and port", async () => {
		const { connection, close } = await startServer();
		await close();
		const error = await failureOf(login(connection));
		expect(error.failure).toBe("refused");
		expect(error.message).toBe(
			`tester@127.0.0.1:${connection.port}: the connection was refused: is sshd running, and on this port?`,
		);
	});

	test("silent port: says that no sshd answered", async () => {
		const port = await listen(() => undefined);
		const pair = keyPair();
		const error = await failureOf(
			login(
				{
					host: "127.0.0.1",
					port,
					user: "a",
					hostKey: pair.public,
					become: false,
					password,
				},
				{ attemptSeconds: 0.3, retrySeconds: 0 },
			),
		);
		expect(error.failure).toBe("timedOut");
		expect(error.message).toContain("did not answer as sshd");
	});

	test("unknown name", async () => {
		const { connection } = await server();
		const error = await failureOf(
			login({ ...connection, host: "no-such-host.invalid" }),
		);
		expect(error.failure).toBe("nameNotFound");
		expect(error.message).toContain("no-such-host.invalid");
	});

	test.each([
		["EHOSTUNREACH", "noRoute", "no route to the host"],
		["ENETUNREACH", "noRoute", "no route to the network"],
		["ETIMEDOUT", "timedOut", "is the host up"],
		["EAI_AGAIN", "nameNotFound", "DNS did not answer"],
	])("%s is %s", (code, failure, text) => {
		const error = wordDialError(
			{ code, message: "connect" },
			{
				login: { host: "h", port: 22, user: "u", hostKey: "" },
				methods: [],
				agentError: undefined,
				connected: false,
			},
		);
		expect(error.failure).toBe(failure);
		expect(error.message).toContain(text);
	});

	test("another host key: both fingerprints, and nothing was shown", async () => {
		const { connection, methods } = await server();
		const pinned = keyPair().public;
		const error = await failureOf(login({ ...connection, hostKey: pinned }));
		expect(error.failure).toBe("hostKey");
		for (const key of [pinned, connection.hostKey]) {
			const blob = parsePublicKey(key)?.blob ?? Buffer.alloc(0);
			expect(error.message).toContain(fingerprint(blob));
		}
		expect(error.message).toContain("change `hostKey` in the inventory");
		expect(methods).toEqual([]);
	});

	test.each([
		"",
		"ssh-ed25519",
		"ssh-ed25519 AAAA",
		`ssh-rsa ${keyPair().public.split(" ")[1]}`,
	])("no usable host key %p: refuses before it connects", async (hostKey) => {
		const { connection, opened } = await server();
		const error = await failureOf(login({ ...connection, hostKey }));
		expect(error.failure).toBe("hostKey");
		expect(error.message).toContain("ssh-keyscan");
		expect(opened).toEqual([]);
	});

	test("wrong password: says what was tried, not what it was", async () => {
		const { connection } = await server();
		const secret = "wrong-and-secret";
		const error = await failureOf(login({ ...connection, password: secret }));
		expect(error.failure).toBe("authentication");
		expect(error.message).toContain("the password from the configuration");
		expect(error.message).not.toContain(secret);
	});

	test("no agent", async () => {
		const socket = process.env.SSH_AUTH_SOCK;
		delete process.env.SSH_AUTH_SOCK;
		try {
			const { connection } = await server();
			const { password: _, ...bare } = connection;
			const error = await failureOf(login(bare));
			expect(error.failure).toBe("noAgent");
			expect(error.message).toContain("SSH_AUTH_SOCK is not set");
		} finally {
			if (socket !== undefined) {
				process.env.SSH_AUTH_SOCK = socket;
			}
		}
	});

	test("dead agent: the reason is part of the failed login", async () => {
		const socket = process.env.SSH_AUTH_SOCK;
		process.env.SSH_AUTH_SOCK = "/nonexistent/agent";
		try {
			const { connection } = await server();
			const { password: _, ...bare } = connection;
			const error = await failureOf(login(bare));
			expect(error.failure).toBe("authentication");
			expect(error.message).toMatch(/SSH agent: .+;/);
		} finally {
			if (socket === undefined) {
				delete process.env.SSH_AUTH_SOCK;
			} else {
				process.env.SSH_AUTH_SOCK = socket;
			}
		}
	});

	test("private key file: missing, or protected by a passphrase", async () => {
		const directory = mkdtempSync(join(tmpdir(), "metaltune-key-"));
		try {
			const { connection } = await server();
			const missing = join(directory, "missing");
			const first = await failureOf(
				login({ ...connection, privateKeyFile: missing }),
			);
			expect(first.failure).toBe("privateKey");
			expect(first.message).toContain(`privateKeyFile ${missing}`);
			const locked = join(directory, "locked");
			const pair = utils.generateKeyPairSync("ed25519", {
				passphrase: "p",
				cipher: "aes256-cbc",
				rounds: 1,
			});
			writeFileSync(locked, pair.private);
			const second = await failureOf(
				login({ ...connection, privateKeyFile: locked }),
			);
			expect(second.message).toContain("without a passphrase");
		} finally {
			rmSync(directory, { recursive: true });
		}
	});
});

describe("a login that succeeds", () => {
	test("when an overloaded sshd drops the first connections", async () => {
		const { connection, opened } = await server();
		let dropped = 0;
		const port = await listen((socket) => {
			if (dropped < 2) {
				dropped += 1;
				socket.end();
				return;
			}
			const onwards = connect(connection.port, "127.0.0.1");
			socket.pipe(onwards).pipe(socket);
			socket.on("close", () => onwards.destroy());
			onwards.on("error", () => socket.destroy());
		});
		const result = await login({ ...connection, port }, patient);
		expect(result.code).toBe(0);
		expect([dropped, opened.length]).toEqual([2, 1]);
	});

	test("with a pinned RSA key", async () => {
		const { connection } = await server({}, rsaPair());
		expect((await login(connection)).code).toBe(0);
	});
});

describe("a command", () => {
	test("gets its input and gives code, stdout and stderr", async () => {
		const { connection } = await server({
			exec(channel, text) {
				const chunks: Buffer[] = [];
				channel.on("data", (chunk: Buffer) => chunks.push(chunk));
				channel.on("end", () => {
					channel.write(`${text} ${Buffer.concat(chunks).length}`);
					channel.stderr.write("warned");
					channel.exit(65);
					channel.end();
				});
			},
		});
		const stdin = "x".repeat(3_000_000);
		const result = await newPool().use(connection, (session) =>
			session.run(command({ text: "count", stdin })),
		);
		expect(result).toEqual({
			code: 65,
			signal: undefined,
			stdout: "count 3000000",
			stderr: "warned",
		});
	});

	test("killed by a signal has no code", async () => {
		const { connection } = await server({
			exec(channel) {
				channel.exit("KILL");
				channel.end();
			},
		});
		const result = await login(connection);
		expect([result.code, result.signal]).toEqual([undefined, "SIGKILL"]);
	});

	test("interrupted by a lost connection is lost, not failed", async () => {
		const { connection } = await server({
			exec: (_channel, _text, client) => client.end(),
		});
		const error = await failureOf(login(connection));
		expect(error.failure).toBe("lost");
		expect(error.message).toContain("the connection was lost during probe");
	});

	test("that prints without end is stopped", async () => {
		const { connection } = await server({
			exec(channel) {
				const chunk = Buffer.alloc(1024 * 1024);
				const more = () => {
					if (channel.writable) {
						channel.write(chunk, more);
					}
				};
				channel.on("error", () => undefined);
				more();
			},
		});
		const error = await failureOf(login(connection));
		expect(error.failure).toBe("command");
		expect(error.message).toContain("printed more than 16 MiB");
	});

	test("that never ends is closed after its time limit", async () => {
		const { connection } = await server({ exec: () => undefined });
		const error = await failureOf(
			newPool().use(connection, (session) =>
				session.run(command({ timeoutSeconds: 0.2 })),
			),
		);
		expect(error.message).toContain("probe did not end within 0.2 s");
	});
});

describe("the pool", () => {
	test("ends every session when it is cancelled, and begins no other", async () => {
		const started = await server({ exec: () => undefined });
		const pool = newPool();
		const hangs = failureOf(
			pool.use(started.connection, (session) => session.run(command({}))),
		);
		await until("it is connected", () => started.open() === 1);
		pool.cancel();
		const error = await hangs;
		expect(error.failure).toBe("cancelled");
		expect(error.message).toMatch(
			/^tester@127\.0\.0\.1:\d+: cancelled during /,
		);
		await until("it is closed", () => started.open() === 0);
		const later = await failureOf(
			pool.use(started.connection, (session) => session.run(command({}))),
		);
		expect(later.failure).toBe("cancelled");
		expect(started.open()).toBe(0);
	});

	test("gives concurrent users one connection and closes it when idle", async () => {
		const started = await server();
		const pool = newPool();
		const task = () =>
			pool.use(started.connection, (session) => session.run(command()));
		const results = await Promise.all([task(), task(), task()]);
		expect(results.map((result) => result.code)).toEqual([0, 0, 0]);
		expect(started.opened).toHaveLength(1);
		await until("the idle connection is closed", () => started.open() === 0);
		expect((await task()).code).toBe(0);
		expect(started.opened).toHaveLength(2);
	});

	test("reuses a connection that is still idle", async () => {
		const started = await server();
		const pool = newPool(impatient, 60);
		const task = () =>
			pool.use(started.connection, (session) => session.run(command()));
		await task();
		await task();
		expect(started.opened).toHaveLength(1);
		pool.forget(started.connection);
		await task();
		expect(started.opened).toHaveLength(2);
		pool.forget(started.connection);
	});

	test("does not hand out a connection that broke", async () => {
		let calls = 0;
		const started = await server({
			exec(channel, _text, client) {
				calls += 1;
				if (calls === 1) {
					client.end();
					return;
				}
				channel.exit(0);
				channel.end();
			},
		});
		const pool = newPool(impatient, 1);
		const task = () =>
			pool.use(started.connection, (session) => session.run(command()));
		expect((await failureOf(task())).failure).toBe("lost");
		expect((await task()).code).toBe(0);
		expect(started.opened).toHaveLength(2);
	});

	test("keeps users with different secrets apart", async () => {
		const started = await server();
		const pool = newPool();
		const wrong = { ...started.connection, password: "wrong" };
		const results = await Promise.allSettled([
			pool.use(started.connection, (session) => session.run(command())),
			pool.use(wrong, (session) => session.run(command())),
		]);
		expect(results.map((result) => result.status)).toEqual([
			"fulfilled",
			"rejected",
		]);
	});

	test("bounds the logins under way", async () => {
		let under = 0;
		let most = 0;
		const authenticate: ServerOptions["authenticate"] = (context) => {
			under += 1;
			most = Math.max(most, under);
			setImmediate(() => {
				under -= 1;
				context.accept();
			});
		};
		const started = await Promise.all(
			Array.from({ length: 6 }, () => server({ authenticate })),
		);
		const pool = newPool(impatient, 0.05, 2);
		const results = await Promise.all(
			started.map(({ connection }) =>
				pool.use(connection, (session) => session.run(command())),
			),
		);
		expect(results.every((result) => result.code === 0)).toBe(true);
		expect(most).toBeLessThanOrEqual(2);
	});
});

describe("a proxy", () => {
	test("is one connection for all hosts behind it, closed after them", async () => {
		const hop = await server({ forwards: true });
		const hosts = [await server(), await server()];
		const pool = newPool();
		const { become: _, ...proxy } = hop.connection;
		const results = await Promise.all(
			hosts.map(({ connection }) =>
				pool.use({ ...connection, proxy }, (session) => session.run(command())),
			),
		);
		expect(results.map((result) => result.code)).toEqual([0, 0]);
		expect(hop.opened).toHaveLength(1);
		await until(
			"all are closed",
			() =>
				hop.open() + (hosts[0]?.open() ?? 0) + (hosts[1]?.open() ?? 0) === 0,
		);
	});

	test("with another host key is not used", async () => {
		const hop = await server({ forwards: true });
		const host = await server();
		const { become: _, ...proxy } = hop.connection;
		const error = await failureOf(
			login({
				...host.connection,
				proxy: { ...proxy, hostKey: keyPair().public },
			}),
		);
		expect(error.failure).toBe("hostKey");
		expect(error.message).toContain(`:${proxy.port}`);
		expect(host.opened).toEqual([]);
	});

	test("does not excuse the host behind it from its own key", async () => {
		const hop = await server({ forwards: true });
		const host = await server();
		const { become: _, ...proxy } = hop.connection;
		const error = await failureOf(
			login({ ...host.connection, hostKey: keyPair().public, proxy }),
		);
		expect(error.failure).toBe("hostKey");
		expect(host.methods).toEqual([]);
	});

	test("that may not forward is named", async () => {
		const hop = await server();
		const host = await server();
		const { become: _, ...proxy } = hop.connection;
		const error = await failureOf(login({ ...host.connection, proxy }));
		expect(error.message).toContain("the proxy could not reach it");
	});
});
