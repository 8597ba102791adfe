/** SSH public keys, as `TYPE BASE64` in the inventory and as a server sends them. */
import { createHash } from "node:crypto";

/** A public key: its type, and the bytes that a server presents. */
export interface PublicKey {
	readonly type: string;
	readonly blob: Buffer;
}

/**
 * Reads the base64 of a public key. The data is a list of fields with a length
 * before each, and the first field is the type (RFC 4253, section 6.6).
 *
 * @returns undefined when the data is truncated or altered.
 */
export function decodePublicKey(base64: string): PublicKey | undefined {
	const blob = Buffer.from(base64, "base64");
	return blob.toString("base64") === base64 && isWhole(blob)
		? { type: typeOfKey(blob), blob }
		: undefined;
}

/**
 * Reads `TYPE BASE64`, with or without a comment after it.
 *
 * @returns undefined when the text is not a public key, or names a type other
 *   than the key's own.
 */
export function parsePublicKey(text: string): PublicKey | undefined {
	const [type, base64 = ""] = text.trim().split(/\s+/);
	const key = decodePublicKey(base64);
	return key?.type === type ? key : undefined;
}

/** The type in a public key's own data, such as `ssh-ed25519`. */
export function typeOfKey(blob: Buffer): string {
	const length = blob.length > 4 ? blob.readUInt32BE(0) : 0;
	return blob.toString("latin1", 4, 4 + length);
}

/** The fingerprint that `ssh-keygen -lf` prints, `SHA256:...`. */
export function fingerprint(blob: Buffer): string {
	const digest = createHash("sha256").update(blob).digest("base64");
	return `SHA256:${digest.replace(/=+$/, "")}`;
}

/** Whether the fields fill the data; a key has a type and at least one number. */
function isWhole(blob: Buffer): boolean {
	let fields = 0;
	let offset = 0;
	while (offset + 4 <= blob.length) {
		offset += 4 + blob.readUInt32BE(offset);
		fields += 1;
	}
	return offset === blob.length && fields >= 2;
}
