/** Two machines with one key cannot be told apart. */
import type { FleetRule } from "../rule";
import { twins } from "../twins";

export const hostKeysUnique: FleetRule = {
	name: "hostKeysUnique",
	topic: "fleet",
	scope: "fleet",
	severity: "mandatory",
	demand: "no two hosts have one host key",
	reason:
		"a key that came with an image is known to everybody who has the image, and either machine can pass for the other",
	source: "ssh-keygen(1), -A; docs/policies.md, Hosts of one group",
	judge: (hosts) =>
		twins(hosts, {
			path: "hostKey",
			of: (host) =>
				host.aws === undefined ? host.connection.hostKey : undefined,
		}),
};
