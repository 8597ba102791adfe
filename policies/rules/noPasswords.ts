/** A password can be guessed, and the server learns it at login. */
import type { HostRule } from "../rule";

export const noPasswords: HostRule = {
	name: "noPasswords",
	topic: "security",
	scope: "host",
	severity: "mandatory",
	demand: "Logins use keys",
	reason:
		"A host that accepts passwords accepts guesses from everyone who can reach it. The server also learns the password that a client sends",
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
