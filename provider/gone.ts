/**
 * A host that cannot be reverted because nobody answers: nothing of it is
 * forgotten, and the error says how to do without it.
 */

import { withHost } from "../host/call";
import type { RemoteConnection } from "../ssh/connection";
import { SshError, type SshFailure } from "../ssh/errors";
import type { Pool } from "../ssh/pool";

// The host answered, or the fault is on this side.
const notGone: readonly SshFailure[] = [
	"command",
	"cancelled",
	"noAgent",
	"privateKey",
];

/** A failure to reach a host, with what to do if that stays so. */
export function withRecoveryHint(error: unknown, wayOut: string): unknown {
	if (!(error instanceof SshError) || notGone.includes(error.failure)) {
		return error;
	}
	return new SshError(
		error.failure,
		`${error.message}; if the machine is gone for good, ${wayOut}`,
	);
}

/**
 * A failed look at a host, which keeps a refresh from all others. A host key
 * that has changed has an advice of its own.
 */
export function withRepairHint(error: unknown): unknown {
	if (
		!(error instanceof SshError) ||
		notGone.includes(error.failure) ||
		error.failure === "hostKey"
	) {
		return error;
	}
	return new SshError(
		error.failure,
		`${error.message}; to go on with the other hosts, run \`metaltune repair\``,
	);
}

/**
 * Fails before anything of a host is deleted that could not be reverted.
 *
 * @throws SshError with the way out when the host cannot be reached.
 */
export async function mustBeReachable(
	pool: Pool,
	name: string,
	connection: RemoteConnection,
): Promise<void> {
	try {
		await withHost(pool, name, connection, async () => undefined);
	} catch (error) {
		throw withRecoveryHint(
			error,
			`set \`rollout: {onDestroy: keep}\` for ${name} in the inventory, run \`pulumi up\`, and only then remove or destroy it`,
		);
	}
}
