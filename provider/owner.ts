/**
 * Which resource owns a machine. The host key identifies the machine, because
 * its name in the inventory can change. The engine then creates a resource with
 * the new name and deletes the old one, which must not touch the machine.
 */
import { randomBytes } from "node:crypto";
import { withHost } from "../host/call";
import { disown } from "../host/client";
import { parsePublicKey } from "../model/publicKey";
import type { Pool } from "../ssh/pool";
import { addressOf, type RemoteConnection } from "../ssh/remoteConnection";

/** A token that no resource has, for state that an earlier version wrote. */
const noToken = "-";

export const newToken = () => randomBytes(16).toString("hex");

/** The token in a state, for the host to compare. */
export function tokenOf(state: { readonly owner?: string }): string {
	return state.owner ?? noToken;
}

/** A machine that this deployment declares. */
export interface Claim {
	readonly host: string;
	readonly connection: RemoteConnection;
}

function machineOf(hostKey: string): string | undefined {
	return parsePublicKey(hostKey)?.blob.toString("base64");
}

/** The declared machines; filled by `check`, which precedes deletions. */
export function createClaims() {
	const byMachine = new Map<string, Claim>();
	return {
		/** Remembers a declared HostState; unknown keys are skipped. */
		add({ host, connection }: Claim): void {
			const { hostKey } = connection ?? {};
			const machine =
				typeof hostKey === "string" ? machineOf(hostKey) : undefined;
			if (machine !== undefined) byMachine.set(machine, { host, connection });
		},
		/** The claim on the machine with this key, under any name. */
		of(hostKey: string): Claim | undefined {
			const machine = machineOf(hostKey);
			return machine === undefined ? undefined : byMachine.get(machine);
		},
	};
}

export type Claims = ReturnType<typeof createClaims>;

/**
 * The claim on a machine that a resource is about to release.
 *
 * Cloned machines share a host key. At another address, the declared machine is
 * the same one only if it remembers this resource.
 *
 * @returns undefined when there is none, so that the machine must be reverted.
 */
export async function takenBy(
	tools: { readonly pool: Pool; readonly claims: Claims },
	state: Claim & { readonly owner?: string },
): Promise<Claim | undefined> {
	const claim = tools.claims.of(state.connection.hostKey);
	if (claim === undefined) return undefined;
	const remembers = await withHost(
		tools.pool,
		claim.host,
		claim.connection,
		(host) => disown(host, tokenOf(state)),
	);
	const isSameAddress =
		addressOf(claim.connection) === addressOf(state.connection);
	return remembers || isSameAddress || state.owner === undefined
		? claim
		: undefined;
}
