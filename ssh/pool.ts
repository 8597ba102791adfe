/**
 * Shares connections. A login costs both ends tens of milliseconds of CPU, so
 * all work of a process on one host uses one connection.
 */
import { setMaxListeners } from "node:events";
import type { Duplex } from "node:stream";
import type { Client } from "ssh2";
import { unlessCancelled } from "./cancellation";
import { type DialPatience, defaultPatience, dial } from "./dial";
import { isTransient, SshError, wordProxyError } from "./errors";
import { limiter } from "./limiter";
import {
	describeLogin,
	type Login,
	type RemoteConnection,
} from "./remoteConnection";
import { type CommandResult, type RemoteCommand, runCommand } from "./session";

/** One host, for the duration of one task. */
export interface Session {
	/** @throws SshError naming the host; see `runCommand`. */
	run(command: RemoteCommand): Promise<CommandResult>;
}

export interface PoolOptions {
	/** How long an unused connection stays open. */
	readonly idleSeconds: number;
	/** How many logins may be in progress at once. */
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
	/** Ends every task and session at once, and starts no others. */
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
	const { host, port, user, hostKey, agentKey, privateKeyFile } = target;
	const { privateKey, password, proxy } = target;
	const login = [host, port, user, hostKey, agentKey ?? ""];
	return JSON.stringify([
		...login,
		privateKeyFile ?? "",
		privateKey ?? "",
		password ?? "",
		proxy === undefined ? "" : keyOf(proxy),
	]);
}

class ConnectionPool implements Pool {
	readonly #options: PoolOptions;
	readonly #entries = new Map<string, Entry>();
	readonly #cancelling = new AbortController();
	readonly #limited: ReturnType<typeof limiter>;

	constructor(options: PoolOptions) {
		this.#options = options;
		this.#limited = limiter(options.handshakes);
		// Every running task listens.
		setMaxListeners(0, this.#cancelling.signal);
	}

	async use<Result>(
		connection: RemoteConnection,
		task: (session: Session) => Promise<Result>,
	): Promise<Result> {
		const key = keyOf(connection);
		const entry = this.#acquire(key, connection);
		try {
			return await unlessCancelled(
				this.#cancelling.signal,
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
			if (isTransient(error)) this.#unlist(key, entry);
			throw error;
		} finally {
			this.#release(key, entry);
		}
	}

	forget(connection: RemoteConnection): void {
		const key = keyOf(connection);
		const entry = this.#entries.get(key);
		if (entry?.users === 0) this.#close(key, entry);
		this.#entries.delete(key);
	}

	cancel(): void {
		this.#cancelling.abort();
		for (const [key, entry] of this.#entries) this.#close(key, entry);
	}

	/** The open connection of a login, or a new one. */
	#acquire(key: string, target: Target): Entry {
		const known = this.#entries.get(key);
		if (known !== undefined) {
			clearTimeout(known.idle);
			known.users += 1;
			return known;
		}
		const client = this.#open(target);
		const entry: Entry = { client, users: 1, idle: undefined };
		this.#entries.set(key, entry);
		const gone = () => this.#unlist(key, entry);
		client.then((open) => {
			// Running commands learn of a lost connection from their channel.
			open.on("error", gone);
			open.on("close", gone);
		}, gone);
		return entry;
	}

	async #open(target: Target): Promise<Client> {
		const { proxy, ...direct } = target;
		const { patience } = this.#options;
		if (proxy === undefined) {
			return this.#limited(() => dial(direct, patience, undefined));
		}
		// The proxy's connection is in use while this one is open.
		const key = keyOf(proxy);
		const entry = this.#acquire(key, proxy);
		try {
			const hop = await entry.client.catch((error) => {
				throw wordProxyError(error, target);
			});
			const client = await this.#limited(() =>
				dial(target, patience, () => forwardOut(hop, direct)),
			);
			client.once("close", () => this.#release(key, entry));
			return client;
		} catch (error) {
			this.#release(key, entry);
			throw error;
		}
	}

	#release(key: string, entry: Entry): void {
		entry.users -= 1;
		if (entry.users > 0) return;
		if (this.#entries.get(key) !== entry) {
			this.#close(key, entry);
			return;
		}
		entry.idle = setTimeout(
			() => this.#close(key, entry),
			this.#options.idleSeconds * 1000,
		);
	}

	/** The next task of this login opens another connection. */
	#unlist(key: string, entry: Entry): void {
		if (this.#entries.get(key) === entry) this.#entries.delete(key);
	}

	#close(key: string, entry: Entry): void {
		clearTimeout(entry.idle);
		this.#unlist(key, entry);
		entry.client.then(
			(client) => client.end(),
			() => undefined,
		);
	}
}

/** Makes an empty pool; its connections close after their idle time. */
export function createPool(options: PoolOptions): Pool {
	return new ConnectionPool(options);
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

/** Shared by all work of this process. */
export const pool: Pool = createPool({
	idleSeconds: 5,
	handshakes: 32,
	patience: defaultPatience,
});
