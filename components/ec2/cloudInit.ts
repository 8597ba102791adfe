/**
 * The user data of an instance's first boot. It holds the host key, so that the
 * first login is verified, and nothing that SSH can do later.
 */
import { stringify } from "yaml";

/** A key pair of a host. */
export interface HostKeyPair {
	/** In OpenSSH's format. */
	readonly privateKey: string;
	/** `ssh-ed25519 BASE64`. */
	readonly publicKey: string;
}

/**
 * The user data. cloud-init writes these keys before sshd starts, and generates
 * no others when some are given (its module cc_ssh).
 */
export function userData({ privateKey, publicKey }: HostKeyPair): string {
	const config = {
		ssh_deletekeys: true,
		ssh_keys: { ed25519_private: privateKey, ed25519_public: publicKey },
	};
	return `#cloud-config\n${stringify(config, { lineWidth: 0 })}`;
}
