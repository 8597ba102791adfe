/** Two hosts at one address are one host, tuned twice. */
import type { Connection } from "../../inventory/hostSpec";
import type { FleetRule } from "../rule";
import { twins } from "../twins";

/** An address means what it means in the network of the hop to it. */
function reached({ host, port, proxy }: Connection): string {
	const address = `${host.toLowerCase()} port ${port}`;
	return proxy === undefined
		? address
		: `${address} behind ${proxy.host.toLowerCase()}`;
}

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
				host.aws === undefined ? reached(host.connection) : undefined,
		}),
};
