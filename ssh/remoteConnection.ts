/**
 * How the provider reaches a host: the inventory's connection, with config
 * secrets in place of their names. It travels through the engine as plain data,
 * so it is read field by field.
 */
import type { Timeouts } from "../model/timeouts";

/** The address and the credentials of one login. */
export interface Login {
	/** Name or address. */
	readonly host: string;
	readonly port: number;
	readonly user: string;
	/** `TYPE BASE64`; a host with another key is refused. */
	readonly hostKey: string;
	/** `TYPE BASE64`: the only one of the SSH agent's keys that is offered. */
	readonly agentKey?: string;
	/** A path on the machine that runs Pulumi; `~` is its user's home. */
	readonly privateKeyFile?: string;
	readonly privateKey?: string;
	readonly password?: string;
}

/** A login that may go through one other host and may need `sudo`. */
export interface RemoteConnection extends Login {
	readonly become: boolean;
	readonly proxy?: Login;
	/** Limits of the host program's verbs, as declared. */
	readonly timeouts?: Timeouts;
}

/**
 * The endpoint of a connection, for comparison. Ports of one name may lead to
 * several machines, and so may proxies.
 */
export function addressOf({ host, port, proxy }: RemoteConnection): string {
	return JSON.stringify([host, port, proxy?.host, proxy?.port]);
}

/** `user@host:port`, with `via` and the proxy where there is one. */
export function describeLogin(login: Login & { readonly proxy?: Login }) {
	const where = `${login.user}@${login.host}:${login.port}`;
	return login.proxy === undefined
		? where
		: `${where} via ${login.proxy.user}@${login.proxy.host}:${login.proxy.port}`;
}
