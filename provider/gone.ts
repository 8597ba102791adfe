/**
 * A host that cannot be reverted because it is unreachable. Its state is kept,
 * and the error says how to remove it without a revert.
 */

import { withHost } from "../host/call";
import { SshError, type SshFailure } from "../ssh/errors";
import type { Pool } from "../ssh/pool";
import type { RemoteConnection } from "../ssh/remoteConnection";

// The host answered, or the fault is on the local side.
const notGone: readonly SshFailure[] = [
	"command",
	"cancelled",
	"noAgent",
	"privateKey",
];

/** A failure to reach a host, with what to do if it stays unreachable. */
export function withRecoveryHint(error: unknown, advice: string): unknown {
	if (!(error instanceof SshError) || notGone.includes(error.failure)) {
		return error;
	}
	return new SshError(
		error.failure,
		`${error.message}; if the machine is gone for good, ${advice}`,
	);
}

/**
 * A failed read of a host, which stops a refresh of all other hosts. A changed
 * host key gets its own advice.
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
 * Fails before anything is deleted that could not be reverted.
 *
 * @throws SshError with the recovery hint when the host cannot be reached.
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
