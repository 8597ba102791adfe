/**
 * A host's public key. Without this check, a truncated or wrongly pasted key
 * would show only as a refused connection.
 */

import { quoted } from "../../model/problem";
import { type Decoder, map } from "./decoder";
import { text } from "./scalars";

const keyTypes = [
	"ssh-ed25519",
	"ecdsa-sha2-nistp256",
	"ecdsa-sha2-nistp384",
	"ecdsa-sha2-nistp521",
	"ssh-rsa",
];

/**
 * The length-prefixed fields of a key; undefined when their lengths do not add
 * up.
 */
function fieldsOf(blob: Buffer): readonly Buffer[] | undefined {
	const fields: Buffer[] = [];
	let offset = 0;
	while (offset + 4 <= blob.length) {
		const end = offset + 4 + blob.readUInt32BE(offset);
		if (end > blob.length) return undefined;
		fields.push(blob.subarray(offset + 4, end));
		offset = end;
	}
	return offset === blob.length ? fields : undefined;
}

function parseHostKey(
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
	const blob = Buffer.from(base64, "base64");
	const fields = fieldsOf(blob);
	if (
		blob.toString("base64") !== base64 ||
		fields === undefined ||
		fields.length < 2
	) {
		return fail(
			`expected the whole key in base64 after ${type}, got one that is truncated or altered; copy it again`,
		);
	}
	const embedded = fields[0]?.toString("latin1");
	return embedded === type
		? `${type} ${base64}`
		: fail(
				`expected a key of type ${type}, got one of type ${quoted(embedded ?? "")}`,
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
	parseHostKey,
);
