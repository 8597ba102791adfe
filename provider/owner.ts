/**
 * Which resource a machine belongs to. It is known by its host key, as its name
 * in the inventory can change: then the engine makes a resource of the new name
 * and deletes the old one, which must leave the machine alone.
 */
import { randomBytes } from "node:crypto";
import { withHost } from "../host/call";
import { disown } from "../host/client";
import {
	addressOf,
	parseHostKey,
	type RemoteConnection,
} from "../ssh/connection";
import type { Pool } from "../ssh/pool";

/** No resource has this one: of a state that an earlier version wrote. */
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
	return parseHostKey(hostKey)?.blob.toString("base64");
}

/** What is declared, by machine; filled by `check`, which precedes deletions. */
export function createClaims() {
	const byMachine = new Map<string, Claim>();
	return {
		/** Remembers a HostState that is declared; keys yet unknown are passed over. */
		add({ host, connection }: Claim): void {
			const { hostKey } = connection ?? {};
			const machine =
				typeof hostKey === "string" ? machineOf(hostKey) : undefined;
			if (machine !== undefined) byMachine.set(machine, { host, connection });
		},
		/** Who declares the machine with this key, under whatever name. */
		of(hostKey: string): Claim | undefined {
			const machine = machineOf(hostKey);
			return machine === undefined ? undefined : byMachine.get(machine);
		},
	};
}

export type Claims = ReturnType<typeof createClaims>;

/**
 * Who declares a machine that a resource is about to give up.
 *
 * Machines that were cloned share a host key: at another address, the one that
 * is declared is the same only if it remembers this resource.
 *
 * @returns undefined when nobody does, so that it has to be reverted.
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
