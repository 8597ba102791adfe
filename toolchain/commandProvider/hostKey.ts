/** The pinned key of a host, in the format of OpenSSH's authorized_keys. */
import { createHash } from "node:crypto";
import { withoutKeys } from "../../model/printable";

/** A public key: its type, and the bytes that a server presents. */
export interface HostKey {
	readonly type: string;
	readonly blob: Buffer;
}

/**
 * Reads the first key of `text`: a line `[options] TYPE BASE64 [comment]`;
 * blank lines and comments may come before it.
 *
 * @throws Error when no line holds a key.
 */
export function parseHostKey(text: string): HostKey {
	for (const line of text.split("\n")) {
		const words = line.trim().split(/\s+/);
		if (words[0]?.startsWith("#")) {
			continue;
		}
		for (const [index, type] of words.entries()) {
			const blob = Buffer.from(words[index + 1] ?? "", "base64");
			if (blobType(blob) === type) {
				return { type, blob };
			}
		}
	}
	throw new Error(
		`hostKey: expected a line "TYPE BASE64", got ${JSON.stringify(withoutKeys(text))}`,
	);
}

/** The fingerprint for comparison: `TYPE SHA256:...`, as OpenSSH prints it. */
export function fingerprint(blob: Buffer): string {
	const digest = createHash("sha256").update(blob).digest("base64");
	return `${blobType(blob)} SHA256:${digest.replace(/=+$/, "")}`;
}

function blobType(blob: Buffer): string | undefined {
	if (blob.length < 4) {
		return undefined;
	}
	const end = 4 + blob.readUInt32BE(0);
	return end < blob.length ? blob.toString("latin1", 4, end) : undefined;
}
