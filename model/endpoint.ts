/**
 * The endpoint of a connection in one spelling, so that equal endpoints are
 * equal texts.
 */
import type { Connection } from "./hostSpec";

function place({ host, port }: Pick<Connection, "host" | "port">): string {
	const name = host.toLowerCase();
	const isIPv6 = name.includes(":") && !name.includes("%");
	const normal = isIPv6 ? new URL(`http://[${name}]`).hostname : name;
	return `${normal} port ${port}`;
}

/**
 * `192.0.2.1 port 22`, or `10.0.0.1 port 22 behind hop port 22`, because an
 * address belongs to the network of the hop before it.
 */
export function endpointOf({ proxy, ...direct }: Connection): string {
	return proxy === undefined
		? place(direct)
		: `${place(direct)} behind ${place(proxy)}`;
}
