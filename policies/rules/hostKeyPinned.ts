/** Who does not know a host's key talks to whoever answers. */
import type { HostRule } from "../rule";

export const hostKeyPinned: HostRule = {
	name: "hostKeyPinned",
	topic: "security",
	scope: "host",
	severity: "mandatory",
	demand: "the host's public key is known, and that of the hop to it",
	reason:
		"without it a connection accepts any key, and settings and credentials go to whoever has taken the address",
	source: "sshd(8), SSH_KNOWN_HOSTS FILE FORMAT; RFC 4251, 4.1",
	judge: (host) => {
		const hop = host.connection.proxy;
		const keys: readonly (readonly [string, string])[] = [
			// That of an instance is made with it; see docs/ec2.md.
			...(host.aws === undefined
				? [["hostKey", host.connection.hostKey] as const]
				: []),
			...(hop === undefined
				? []
				: [["connection.proxy.hostKey", hop.hostKey] as const]),
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
