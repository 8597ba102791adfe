/** Two hosts with the same address and port are one machine, which metaltune would tune twice. */
import { endpointOf } from "../../model/endpoint";
import { duplicates } from "../duplicates";
import type { FleetRule } from "../rule";

export const addressesUnique: FleetRule = {
	name: "addressesUnique",
	topic: "fleet",
	scope: "fleet",
	severity: "mandatory",
	demand:
		"No two hosts that are reached the same way have the same address and port",
	reason:
		"metaltune would apply both descriptions to one machine, one after the other. Each refresh would report the values of the other host as drift",
	source: "docs/policies.md, Hosts of one group",
	judge: (hosts) =>
		duplicates(hosts, {
			path: "address",
			of: (host) =>
				host.aws === undefined ? endpointOf(host.connection) : undefined,
		}),
};
