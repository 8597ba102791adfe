/**
 * Reboots a host and waits for the next boot. A host that answers is not proof
 * of a reboot, as it also answers in the seconds before it goes down: only a
 * new boot id is.
 */
import type { RemoteConnection } from "./connection";
import { bootIdOf, requestReboot, withHost } from "./remoteProgram";
import { isTransient, SshError } from "./sshError";
import type { Pool } from "./sshPool";

export interface RebootOptions {
	readonly name: string;
	readonly connection: RemoteConnection;
	/** How long the host may take. */
	readonly timeoutSeconds: number;
	/** Within which the caller confirms what the boot tries, if it does. */
	readonly rollbackSeconds: number | undefined;
	/** Connections of this pool wait for a single login attempt only. */
	readonly pool: Pool;
	readonly progress: (text: string) => void;
}

const pollMilliseconds = 2000;
const progressSeconds = 10;

async function currentBootId(options: RebootOptions) {
	const { pool, name, connection } = options;
	try {
		return await withHost(pool, name, connection, bootIdOf);
	} catch (error) {
		// Logins are refused by a host that is still on its way up or down.
		if (
			isTransient(error) ||
			(error instanceof SshError && error.failure === "authentication")
		) {
			return undefined;
		}
		throw error;
	}
}

/**
 * Reboots and returns when the host answers from another boot: the first one
 * that lets us in, as a kernel command line that fails takes two.
 *
 * @returns the new boot id.
 * @throws SshError when it does not come back in time, naming both.
 */
export async function rebootAndWait(options: RebootOptions): Promise<string> {
	const { pool, name, connection, timeoutSeconds } = options;
	const before = await withHost(pool, name, connection, async (host) => {
		const bootId = await bootIdOf(host);
		await requestReboot(host, options.rollbackSeconds);
		return bootId;
	});
	pool.forget(connection);
	const started = Date.now();
	let told = 0;
	for (;;) {
		const waited = Math.round((Date.now() - started) / 1000);
		if (waited >= timeoutSeconds) {
			throw new SshError(
				"timedOut",
				`${name}: the host did not come back from its reboot within ${timeoutSeconds} s; look at its console, then run \`pulumi up --refresh\``,
			);
		}
		if (waited >= told + progressSeconds) {
			told = waited;
			options.progress(`rebooting ${name}: ${waited} of ${timeoutSeconds} s`);
		}
		const now = await currentBootId(options);
		if (now !== undefined && now !== before) {
			return now;
		}
		await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
	}
}
