/** Two machines with the same host key cannot be told apart. */

import { duplicates } from "../duplicates";
import type { FleetRule } from "../rule";

export const hostKeysUnique: FleetRule = {
	name: "hostKeysUnique",
	topic: "fleet",
	scope: "fleet",
	severity: "mandatory",
	demand: "No two hosts have the same host key",
	reason:
		"Everyone who has the image that a key came with knows the key. Either machine can impersonate the other",
	source: "ssh-keygen(1), -A; docs/policies.md, Hosts of one group",
	judge: (hosts) =>
		duplicates(hosts, {
			path: "hostKey",
			of: (host) =>
				host.aws === undefined ? host.connection.hostKey : undefined,
		}),
};
