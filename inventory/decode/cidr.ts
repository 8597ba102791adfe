/**
 * Networks in CIDR notation. AWS clears the host bits of a network, and the
 * instance would then differ from its declaration at every refresh. Networks
 * with host bits are therefore refused.
 */
import { isIPv4, isIPv6 } from "node:net";
import { IPv4, IPv6 } from "ipaddr.js";

/** An IPv6 address without the dotted form, which the library misreads in ::1.2.3.4. */
function inGroups(address: string): string {
	return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

/** Whether a network that `networkOf` accepted is an IPv6 network. */
export function isIPv6Network(network: string): boolean {
	return network.includes(":");
}

/**
 * The network in a text, without host bits and in its shortest form (RFC 5952
 * for IPv6).
 *
 * @returns undefined when it is not an address, a slash and a prefix length.
 */
export function networkOf(text: string): string | undefined {
	const [, address = "", length = ""] =
		/^([^/%]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
	if (isIPv4(address) && Number(length) <= 32) {
		return `${IPv4.networkAddressFromCIDR(`${address}/${length}`)}/${length}`;
	}
	if (isIPv6(address) && Number(length) <= 128) {
		const cidr = `${inGroups(address)}/${length}`;
		return `${IPv6.networkAddressFromCIDR(cidr)}/${length}`;
	}
	return undefined;
}
