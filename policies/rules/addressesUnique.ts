/** Two hosts at one address are one host, tuned twice. */
import { endpointOf } from "../../model/endpoint";
import type { FleetRule } from "../rule";
import { twins } from "../twins";

export const addressesUnique: FleetRule = {
	name: "addressesUnique",
	topic: "fleet",
	scope: "fleet",
	severity: "mandatory",
	demand:
		"no two hosts that are reached the same way have one address and port",
	reason:
		"both descriptions would be applied to one machine, one after the other, and each refresh would find the other's",
	source: "docs/policies.md, Hosts of one group",
	judge: (hosts) =>
		twins(hosts, {
			path: "address",
			of: (host) =>
				host.aws === undefined ? endpointOf(host.connection) : undefined,
		}),
};
