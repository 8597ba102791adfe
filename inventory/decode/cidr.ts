/**
 * Networks in CIDR notation. Clouds quietly rewrite one with host bits set,
 * and then differ from what was declared for ever; so these are refused.
 */
import { isIPv4, isIPv6 } from "node:net";

function ipv4Bytes(address: string): readonly number[] {
	return address.split(".").map(Number);
}

function ipv6Bytes(address: string): readonly number[] {
	// Also turns an embedded IPv4 address into groups.
	const normal = new URL(`http://[${address}]`).hostname.slice(1, -1);
	const [head = "", tail] = normal.split("::");
	const groups = (text: string | undefined) =>
		text === undefined || text === "" ? [] : text.split(":");
	const missing = 8 - groups(head).length - groups(tail).length;
	const zeros = tail === undefined ? [] : Array<string>(missing).fill("0");
	return [...groups(head), ...zeros, ...groups(tail)].flatMap((group) => {
		const value = Number.parseInt(group, 16);
		return [value >> 8, value & 255];
	});
}

function masked(bytes: readonly number[], length: number): readonly number[] {
	return bytes.map((byte, index) => {
		const bits = Math.min(8, Math.max(0, length - index * 8));
		return byte & (256 - 2 ** (8 - bits));
	});
}

function written(bytes: readonly number[]): string {
	if (bytes.length === 4) return bytes.join(".");
	const groups = Array.from({ length: 8 }, (_, i) =>
		(((bytes[i * 2] ?? 0) << 8) | (bytes[i * 2 + 1] ?? 0)).toString(16),
	);
	return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

/** Whether a network that `networkOf` has accepted is one of IPv6. */
export function isIPv6Network(network: string): boolean {
	return network.includes(":");
}

/**
 * The network that a text names, without host bits and in its shortest form.
 *
 * @returns undefined when it is not an address, a slash and a prefix length.
 */
export function networkOf(text: string): string | undefined {
	const [, address = "", digits = ""] =
		/^([^/%]+)\/(\d{1,3})$/.exec(text) ?? [];
	const size = isIPv4(address) ? 32 : isIPv6(address) ? 128 : 0;
	const length = Number(digits);
	if (size === 0 || length > size || digits !== String(length)) {
		return undefined;
	}
	const bytes = size === 32 ? ipv4Bytes(address) : ipv6Bytes(address);
	return `${written(masked(bytes, length))}/${length}`;
}
