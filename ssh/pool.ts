/**
 * Shares connections. A login costs both ends tens of milliseconds of CPU, so
 * everything one process does on one host goes through one connection.
 */
import { setMaxListeners } from "node:events";
import type { Duplex } from "node:stream";
import type { Client } from "ssh2";
import { unlessCancelled } from "./cancellation";
import { describeLogin, type Login, type RemoteConnection } from "./connection";
import { type DialPatience, defaultPatience, dial } from "./dial";
import { isTransient, SshError, wordProxyError } from "./errors";
import { limiter } from "./limiter";
import { type CommandResult, type RemoteCommand, runCommand } from "./session";

/** One host, for the time of one task. */
export interface Session {
	/** @throws SshError naming the host; see `runCommand`. */
	run(command: RemoteCommand): Promise<CommandResult>;
}

export interface PoolOptions {
	/** How long an unused connection stays open. */
	readonly idleSeconds: number;
	/** How many logins may be under way at once. */
	readonly handshakes: number;
	readonly patience: DialPatience;
}

export interface Pool {
	/**
	 * Runs a task with a connection to a host, shared with every other task for
	 * the same login.
	 *
	 * @throws SshError when there is no connection, and whatever the task throws.
	 */
	use<Result>(
		connection: RemoteConnection,
		task: (session: Session) => Promise<Result>,
	): Promise<Result>;
	/** The next task for this login gets a new connection. */
	forget(connection: RemoteConnection): void;
	/** Ends every task and session at once, and begins no other. */
	cancel(): void;
}

interface Entry {
	readonly client: Promise<Client>;
	users: number;
	idle: NodeJS.Timeout | undefined;
}

function forwardOut(proxy: Client, target: Login): Promise<Duplex> {
	return new Promise((resolve, reject) => {
		const fail = (error: unknown) =>
			reject(
				new SshError(
					"refused",
					`${describeLogin(target)}: the proxy could not reach it: ${error instanceof Error ? error.message : String(error)}`,
				),
			);
		try {
			proxy.forwardOut("127.0.0.1", 0, target.host, target.port, (error, to) =>
				error === undefined ? resolve(to) : fail(error),
			);
		} catch (error) {
			fail(error);
		}
	});
}

type Target = Login & { readonly proxy?: Login };

function keyOf(target: Target): string {
	const { host, port, user, hostKey, privateKeyFile } = target;
	const { privateKey, password, proxy } = target;
	const login = [host, port, user, hostKey, privateKeyFile ?? ""];
	return JSON.stringify([
		...login,
		privateKey ?? "",
		password ?? "",
		proxy === undefined ? "" : keyOf(proxy),
	]);
}

/** Makes an empty pool; its connections close themselves when unused. */
export function createPool(options: PoolOptions): Pool {
	const entries = new Map<string, Entry>();
	const cancelling = new AbortController();
	// Every task under way listens.
	setMaxListeners(0, cancelling.signal);
	const limited = limiter(options.handshakes);

	function drop(key: string, entry: Entry): void {
		clearTimeout(entry.idle);
		if (entries.get(key) === entry) {
			entries.delete(key);
		}
		entry.client.then(
			(client) => client.end(),
			() => undefined,
		);
	}

	function release(key: string, entry: Entry): void {
		entry.users -= 1;
		if (entry.users > 0) {
			return;
		}
		if (entries.get(key) !== entry) {
			drop(key, entry);
			return;
		}
		entry.idle = setTimeout(() => drop(key, entry), options.idleSeconds * 1000);
	}

	async function open(target: Target): Promise<Client> {
		const { proxy, ...direct } = target;
		if (proxy === undefined) {
			return limited(() => dial(direct, options.patience, undefined));
		}
		// The proxy's connection is in use for as long as this one is open.
		const key = keyOf(proxy);
		const entry = acquire(key, proxy);
		try {
			const hop = await entry.client.catch((error) => {
				throw wordProxyError(error, target);
			});
			const client = await limited(() =>
				dial(target, options.patience, () => forwardOut(hop, direct)),
			);
			client.once("close", () => release(key, entry));
			return client;
		} catch (error) {
			release(key, entry);
			throw error;
		}
	}

	function acquire(key: string, target: Target): Entry {
		const known = entries.get(key);
		if (known !== undefined) {
			clearTimeout(known.idle);
			known.users += 1;
			return known;
		}
		const entry: Entry = { client: open(target), users: 1, idle: undefined };
		entries.set(key, entry);
		const gone = () => {
			if (entries.get(key) === entry) {
				entries.delete(key);
			}
		};
		entry.client.then((client) => {
			// Commands under way learn of a loss from their channel.
			client.on("error", gone);
			client.on("close", gone);
		}, gone);
		return entry;
	}

	return {
		async use(connection, task) {
			const key = keyOf(connection);
			const entry = acquire(key, connection);
			try {
				return await unlessCancelled(
					cancelling.signal,
					connection,
					async (begin) => {
						const client = await entry.client;
						return task({
							run: (command) => {
								begin(command.name);
								return runOn(connection, client, command);
							},
						});
					},
				);
			} catch (error) {
				if (isTransient(error) && entries.get(key) === entry) {
					entries.delete(key);
				}
				throw error;
			} finally {
				release(key, entry);
			}
		},
		forget(connection) {
			const key = keyOf(connection);
			const entry = entries.get(key);
			if (entry?.users === 0) {
				drop(key, entry);
			}
			entries.delete(key);
		},
		cancel() {
			cancelling.abort();
			for (const [key, entry] of entries) drop(key, entry);
		},
	};
}

async function runOn(
	connection: RemoteConnection,
	client: Client,
	command: RemoteCommand,
): Promise<CommandResult> {
	try {
		return await runCommand(client, command);
	} catch (error) {
		if (error instanceof SshError) {
			throw new SshError(
				error.failure,
				`${describeLogin(connection)}: ${error.message}`,
			);
		}
		throw error;
	}
}

/** Shared by everything this process does. */
export const pool: Pool = createPool({
	idleSeconds: 5,
	handshakes: 32,
	patience: defaultPatience,
});
