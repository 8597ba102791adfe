/**
 * HostKey: the SSH host key of a machine that does not exist yet. It is created
 * first, so that the first login can verify the machine.
 */
import { generatePrivateKey } from "sshpk";
import type { ResourceHandler } from "./resourceHandler";

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

/** A new ed25519 key pair. */
export function generateHostKey(): KeyPair {
	const key = generatePrivateKey("ed25519");
	const [type, base64] = key.toPublic().toString("ssh").split(" ");
	return {
		publicKey: `${type} ${base64}`,
		privateKey: key.toString("openssh"),
	};
}

/** The resource type `metaltune:index:HostKey`: created once, never changed. */
export const hostKey: ResourceHandler<HostKeyInputs, HostKeyState> = {
	id: ({ host }) => host,
	diff: () => ({ changes: false, replaces: [] }),
	create: async (_urn, { host }) => ({ host, ...generateHostKey() }),
	update: async (_urn, olds) => olds,
	read: async (_urn, state) => ({ state, inputs: undefined }),
	delete: async () => undefined,
};
