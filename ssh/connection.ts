/**
 * How the provider reaches a host: the inventory's connection after the names
 * of config secrets were replaced by what they stand for. It travels through
 * the engine as plain data, so it is read field by field.
 */
import { createHash } from "node:crypto";
import type { Timeouts } from "../model/timeouts";

/** Where one login goes and what it shows. */
export interface Login {
	/** Name or address. */
	readonly host: string;
	readonly port: number;
	readonly user: string;
	/** `TYPE BASE64`; nothing is sent to a host that has another key. */
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
 * Where a connection leads, to compare: behind one name, ports may lead to
 * several machines, as proxies may.
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
 * Reads `TYPE BASE64`, with or without a comment behind it.
 *
 * @returns undefined when the text is no public key or names another type
 *   than it holds.
 */
export function parseHostKey(text: string): HostKey | undefined {
	const [type, base64] = text.trim().split(/\s+/);
	if (type === undefined || base64 === undefined) {
		return undefined;
	}
	const blob = Buffer.from(base64, "base64");
	return typeOfKey(blob) === type ? { type, blob } : undefined;
}

/** The type that a public key names itself, such as `ssh-ed25519`. */
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
