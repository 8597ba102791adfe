/**
 * How the provider reaches a host: the inventory's connection, with config
 * secrets in place of their names. It travels through the engine as plain data,
 * so it is read field by field.
 */
import { createHash } from "node:crypto";
import type { Timeouts } from "../model/timeouts";

/** The address and the credentials of one login. */
export interface Login {
	/** Name or address. */
	readonly host: string;
	readonly port: number;
	readonly user: string;
	/** `TYPE BASE64`; a host with another key is refused. */
	readonly hostKey: string;
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

/** The public key of a host, as `known_hosts` writes it without the name. */
export interface HostKey {
	readonly type: string;
	readonly blob: Buffer;
}

/**
 * Reads `TYPE BASE64`, with or without a comment after it.
 *
 * @returns undefined when the text is not a public key, or names a type other
 *   than the key's own.
 */
export function parseHostKey(text: string): HostKey | undefined {
	const [type, base64] = text.trim().split(/\s+/);
	if (type === undefined || base64 === undefined) {
		return undefined;
	}
	const blob = Buffer.from(base64, "base64");
	return typeOfKey(blob) === type ? { type, blob } : undefined;
}

/** The type in a public key's own data, such as `ssh-ed25519`. */
export function typeOfKey(blob: Buffer): string {
	const length = blob.length > 4 ? blob.readUInt32BE(0) : 0;
	return blob.subarray(4, 4 + length).toString("latin1");
}

/** The fingerprint that `ssh-keygen -lf` prints, `SHA256:...`. */
export function fingerprint(key: Buffer): string {
	const digest = createHash("sha256").update(key).digest("base64");
	return `SHA256:${digest.replace(/=+$/, "")}`;
}

/** `user@host:port`, with `via` and the proxy where there is one. */
export function describeLogin(login: Login & { readonly proxy?: Login }) {
	const where = `${login.user}@${login.host}:${login.port}`;
	return login.proxy === undefined
		? where
		: `${where} via ${login.proxy.user}@${login.proxy.host}:${login.proxy.port}`;
}
