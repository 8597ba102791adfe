/**
 * Waits for boots. A host that answers is no proof of a reboot, because it
 * still answers for some seconds before it shuts down. Only a new boot id is
 * proof.
 */

import { withHost } from "../host/call";
import { afterCloudInit, bootIdOf, requestReboot } from "../host/client";
import { isTransient, SshError } from "../ssh/errors";
import type { Pool } from "../ssh/pool";
import type { RemoteConnection } from "../ssh/remoteConnection";

export interface BootOptions {
	readonly name: string;
	readonly connection: RemoteConnection;
	/** How long the host may take. */
	readonly timeoutSeconds: number;
	/** Connections of this pool make a single login attempt. */
	readonly pool: Pool;
	readonly progress: (text: string) => void;
}

export interface RebootOptions extends BootOptions {
	/**
	 * How long the caller may take to confirm what the boot changed, if it does.
	 */
	readonly rollbackSeconds: number | undefined;
}

/** What is waited for, and its messages. */
interface Awaited {
	/** The boot that must end. */
	readonly before: string | undefined;
	/** The start of the progress text. */
	readonly doing: string;
	/** The failure, with the last reason why there was no login. */
	late(reason: string): string;
}

const pollMilliseconds = 2000;
const progressSeconds = 10;

async function currentBootId(
	options: BootOptions,
): Promise<{ readonly bootId: string } | { readonly reason: string }> {
	const { pool, name, connection } = options;
	try {
		return { bootId: await withHost(pool, name, connection, bootIdOf) };
	} catch (error) {
		// sshd refuses logins while the host is starting or shutting down.
		if (
			error instanceof SshError &&
			(isTransient(error) || error.failure === "authentication")
		) {
			return { reason: error.message };
		}
		throw error;
	}
}

async function waitForBoot(
	options: BootOptions,
	{ before, doing, late }: Awaited,
): Promise<string> {
	const { name, timeoutSeconds } = options;
	const started = performance.now();
	let told = 0;
	let reason = "";
	for (;;) {
		const waited = Math.round((performance.now() - started) / 1000);
		if (waited >= timeoutSeconds) {
			throw new SshError("timedOut", `${name}: ${late(reason)}`);
		}
		if (waited >= told + progressSeconds) {
			told = waited;
			options.progress(`${doing} ${name}: ${waited} of ${timeoutSeconds} s`);
		}
		const now = await currentBootId(options);
		if ("reason" in now) {
			reason = now.reason;
		} else if (now.bootId !== before) {
			return now.bootId;
		}
		await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
	}
}

/**
 * Waits until a new machine accepts logins and has finished its image's
 * first-boot work.
 *
 * @throws SshError when that takes too long, with the last reason.
 */
export async function firstBoot(options: BootOptions): Promise<void> {
	const { pool, name, connection, timeoutSeconds } = options;
	await waitForBoot(options, {
		before: undefined,
		doing: "first boot of",
		late: (reason) =>
			`no login to the instance succeeded within ${timeoutSeconds} s; check its system log, \`sshFrom\` and \`keyPair\`, then run \`pulumi up\` again, which goes on waiting (${reason})`,
	});
	await withHost(pool, name, connection, (host) =>
		afterCloudInit(host, timeoutSeconds),
	);
}

/**
 * Reboots, and returns when the host answers from another boot. It accepts the
 * first boot that allows a login, because a failing kernel command line takes
 * two.
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
	return waitForBoot(options, {
		before,
		doing: "rebooting",
		late: () =>
			`the host did not come back from its reboot within ${timeoutSeconds} s; check its console, then run \`pulumi up --refresh\``,
	});
}
