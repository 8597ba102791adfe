/** The pinned key of a host, in the format of OpenSSH's authorized_keys. */
import { withoutKeys } from "../../model/printable";
import { type PublicKey, parsePublicKey } from "../../model/publicKey";

/**
 * Reads the first key of `text`: a line `[options] TYPE BASE64 [comment]`;
 * blank lines and comments may come before it.
 *
 * @throws Error when no line holds a key.
 */
export function parseAuthorizedKey(text: string): PublicKey {
	for (const line of text.split("\n")) {
		const words = line.trim().split(/\s+/);
		if (words[0]?.startsWith("#")) {
			continue;
		}
		for (const index of words.keys()) {
			const key = parsePublicKey(words.slice(index).join(" "));
			if (key !== undefined) {
				return key;
			}
		}
	}
	throw new Error(
		`hostKey: expected a line "TYPE BASE64", got ${JSON.stringify(withoutKeys(text))}`,
	);
}
