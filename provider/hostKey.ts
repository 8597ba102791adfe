/**
 * HostKey: the SSH host key of a machine that is yet to be made. It is made
 * first, so that the machine can be recognised at the first login.
 */
import { utils } from "ssh2";
import type { ResourceHandler } from "./resource";

export interface HostKeyInputs {
	/** The host's name in the inventory. */
	readonly host: string;
}

export interface HostKeyState extends HostKeyInputs {
	/** `ssh-ed25519 BASE64`. */
	readonly publicKey: string;
	/** In OpenSSH's format; sealed in everything that leaves the provider. */
	readonly privateKey: string;
}

type KeyPair = Omit<HostKeyState, "host">;

// Type and key, each behind its length: 4 + 11 + 4 + 32 bytes.
const publicBytes = 51;
// cipher, KDF and its options "none"; one key; then the checked part, which
// holds the type, the public key again, 64 private bytes, and the comment.
const privatePart = /^-----BEGIN OPENSSH PRIVATE KEY-----\n([\s\S]+)\n-----END/;

function field(bytes: Buffer, offset: number): Buffer {
	const start = offset + 4;
	return bytes.subarray(start, start + bytes.readUInt32BE(offset));
}

/** Walks over length-prefixed fields to the one with that index. */
function fieldAt(bytes: Buffer, offset: number, index: number): Buffer {
	const here = field(bytes, offset);
	return index === 0
		? here
		: fieldAt(bytes, offset + 4 + here.length, index - 1);
}

/**
 * Whether OpenSSH will take a key pair. The library now and then drops a zero
 * byte at the front of a key, and then reads what it wrote all the same.
 */
export function isSound({ publicKey, privateKey }: KeyPair): boolean {
	const published = Buffer.from(publicKey.split(" ")[1] ?? "", "base64");
	const [, base64 = ""] = privatePart.exec(privateKey) ?? [];
	const whole = Buffer.from(base64, "base64");
	if (published.length !== publicBytes || whole.length === 0) return false;
	const magic = "openssh-key-v1\0".length;
	// cipher, KDF, options, then the count of keys, which has no length.
	const keys = [0, 1, 2].reduce((at) => at + 4 + whole.readUInt32BE(at), magic);
	const secret = fieldAt(whole, keys + 4, 1);
	const key = utils.parseKey(privateKey);
	const known = utils.parseKey(publicKey);
	if (key instanceof Error || known instanceof Error) return false;
	const proof = Buffer.from("metaltune");
	return (
		fieldAt(secret, 8, 0).toString() === "ssh-ed25519" &&
		fieldAt(secret, 8, 1).equals(fieldAt(published, 0, 1)) &&
		fieldAt(secret, 8, 2).length === 64 &&
		known.verify(proof, key.sign(proof)) === true
	);
}

const attempts = 20;

/**
 * A new ed25519 key pair.
 *
 * @param make makes one that may be malformed.
 * @throws Error when it only ever is.
 */
export function generateHostKey(
	make: () => { readonly public: string; readonly private: string } = () =>
		utils.generateKeyPairSync("ed25519"),
): KeyPair {
	for (let attempt = 0; attempt < attempts; attempt++) {
		const made = make();
		const pair = {
			publicKey: made.public.trim().split(" ").slice(0, 2).join(" "),
			privateKey: made.private,
		};
		if (isSound(pair)) return pair;
	}
	throw new Error(
		`expected a sound ed25519 key pair, got ${attempts} malformed ones from the SSH library; report this`,
	);
}

/** The resource type `metaltune:index:HostKey`: made once, never changed. */
export const hostKey: ResourceHandler<HostKeyInputs, HostKeyState> = {
	id: ({ host }) => host,
	diff: () => ({ changes: false, replaces: [] }),
	create: async (_urn, { host }) => ({ host, ...generateHostKey() }),
	update: async (_urn, olds) => olds,
	read: async (_urn, state) => ({ state, inputs: undefined }),
	delete: async () => undefined,
};
