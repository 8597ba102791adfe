/** A password can be guessed, and is the same everywhere it is used. */
import type { HostRule } from "../rule";

export const noPasswords: HostRule = {
	name: "noPasswords",
	topic: "security",
	scope: "host",
	severity: "mandatory",
	demand: "logins use keys",
	reason:
		"a host that takes passwords takes them from everybody who can reach it, and the server learns the one it is sent",
	source: "sshd_config(5), PasswordAuthentication; RFC 4252, 8",
	judge: ({ name, connection }) => {
		const hops = [
			["connection", connection],
			["connection.proxy", connection.proxy],
		] as const;
		return hops
			.filter(([, hop]) => hop?.passwordSecret !== undefined)
			.map(([path]) => ({
				host: name,
				path: `${path}.passwordSecret`,
				wrong: "logs in with a password",
				right: "use the SSH agent, privateKeyFile or privateKeySecret",
			}));
	},
};
