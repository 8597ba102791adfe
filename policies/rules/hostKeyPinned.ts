/** Without the public key of a host, a connection accepts any server. */
import type { HostRule } from "../rule";

export const hostKeyPinned: HostRule = {
	name: "hostKeyPinned",
	topic: "security",
	scope: "host",
	severity: "mandatory",
	demand: "The public keys of the host and of its proxy are known",
	reason:
		"Without the key, a connection accepts any key. Settings and credentials then go to any machine that took over the address",
	source: "sshd(8), SSH_KNOWN_HOSTS FILE FORMAT; RFC 4251, 4.1",
	judge: (host) => {
		const { proxy } = host.connection;
		const keys: readonly (readonly [string, string])[] = [
			// metaltune generates the key of an instance; see docs/ec2.md.
			...(host.aws === undefined
				? [["hostKey", host.connection.hostKey] as const]
				: []),
			...(proxy === undefined
				? []
				: [["connection.proxy.hostKey", proxy.hostKey] as const]),
		];
		return keys
			.filter(([, key]) => !/^[a-z0-9-]+ [A-Za-z0-9+/=]+$/.test(key))
			.map(([path]) => ({
				host: host.name,
				path,
				wrong: "is not a public key",
				right: "write TYPE BASE64, as ssh-keyscan prints it after the name",
			}));
	},
};
