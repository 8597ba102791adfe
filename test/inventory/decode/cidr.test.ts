/** Networks: which texts are one, and what each is in its shortest form. */
import { BlockList, isIPv4 } from "node:net";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { isIPv6Network, networkOf } from "../../../inventory/decode/cidr";

test.each([
	["203.0.113.0/24", "203.0.113.0/24"],
	["203.0.113.77/24", "203.0.113.0/24"],
	["10.255.255.255/9", "10.128.0.0/9"],
	["192.0.2.1/32", "192.0.2.1/32"],
	["0.0.0.0/0", "0.0.0.0/0"],
	["2001:DB8::/32", "2001:db8::/32"],
	["2001:db8:0:0:1::ffff/64", "2001:db8::/64"],
	["2001:db8::1/128", "2001:db8::1/128"],
	["fe80::7fff:1/97", "fe80::/97"],
	["::ffff:192.0.2.1/96", "::ffff:0:0/96"],
	["::/0", "::/0"],
])("%s is %s", (text, network) => {
	expect(networkOf(text)).toBe(network);
});

test.each([
	"203.0.113.0",
	"203.0.113.0/33",
	"203.0.113.0/024",
	"203.0.113/24",
	"203.0.113.256/24",
	"2001:db8::/129",
	"2001:db8::%eth0/64",
	"localhost/8",
	"/8",
	"",
])("%j is none", (text) => {
	expect(networkOf(text)).toBeUndefined();
});

test("a network holds the address it was made from, and is its own", () => {
	const anyNetwork = fc.oneof(
		fc.tuple(fc.ipV4(), fc.nat(32)),
		fc.tuple(fc.ipV6(), fc.nat(128)),
	);
	fc.assert(
		fc.property(anyNetwork, ([address, length]) => {
			const network = networkOf(`${address}/${length}`) ?? "";
			const [base = "", prefix] = network.split("/");
			const family = isIPv4(address) ? "ipv4" : "ipv6";
			const block = new BlockList();
			block.addSubnet(base, Number(prefix), family);
			expect(block.check(address, family)).toBe(true);
			expect(networkOf(network)).toBe(network);
			expect(isIPv6Network(network)).toBe(family === "ipv6");
		}),
	);
});
