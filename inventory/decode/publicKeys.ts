/**
 * Public keys: a host's, and one of the SSH agent's. Without this check, a
 * truncated or wrongly pasted key would show only as a refused connection.
 */

import { quoted } from "../../model/problem";
import { decodePublicKey } from "../../model/publicKey";
import { type Decoder, map } from "./decoder";
import { text } from "./scalars";

const keyTypes = [
	"ssh-ed25519",
	"ecdsa-sha2-nistp256",
	"ecdsa-sha2-nistp384",
	"ecdsa-sha2-nistp521",
	"ssh-rsa",
];

function checkPublicKey(
	value: string,
	fail: (message: string) => undefined,
): string | undefined {
	const [type = "", base64 = ""] = value.trim().split(/\s+/);
	if (keyTypes.includes(base64)) {
		return fail(
			"expected TYPE BASE64, got a host name before them; leave out the first word that ssh-keyscan prints",
		);
	}
	if (!keyTypes.includes(type)) {
		return fail(
			`expected a key type (${keyTypes.join(", ")}) first, got ${quoted(type)}`,
		);
	}
	const key = decodePublicKey(base64);
	if (key === undefined) {
		return fail(
			`expected the whole key in base64 after ${type}, got one that is truncated or altered; copy it again`,
		);
	}
	return key.type === type
		? `${type} ${base64}`
		: fail(
				`expected a key of type ${type}, got one of type ${quoted(key.type)}`,
			);
}

/** `TYPE BASE64`; a comment after them is dropped. */
export const hostKey: Decoder<string> = map(
	text({
		description:
			"The host's public key, `TYPE BASE64`. Print it with `ssh-keyscan -t ed25519 ADDRESS`, leave out the first word, and compare the fingerprint with the one on the host's console.",
		expected:
			"the host's public key as TYPE BASE64, as there is no connection without one; run `ssh-keyscan -t ed25519 ADDRESS`, compare the fingerprint with the one on the host's console, and write the last two words here",
	}),
	checkPublicKey,
);

/** `TYPE BASE64`; a comment after them is dropped. */
export const agentKey: Decoder<string> = map(
	text({
		description:
			"Public key, `TYPE BASE64`: of the SSH agent's keys, only this one is offered. `ssh-add -L` prints them.",
		expected:
			"a public key as TYPE BASE64; `ssh-add -L` prints those of the SSH agent",
	}),
	checkPublicKey,
);
