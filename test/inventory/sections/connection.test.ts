/** How a host is reached: defaults, addresses, names and secrets. */
import {
	address,
	connectionOf,
	connectionSection,
	hostName,
} from "../../../inventory/sections/connection";
import { decodeText } from "../decodeText";
import { ed25519 } from "../inventoryDirectory";

const machine = { address: "192.0.2.1", hostKey: ed25519() };

function connection(yaml: string, own = machine) {
	const { value, problems } = decodeText(connectionSection, yaml);
	expect(problems).toEqual([]);
	if (value === undefined) throw new Error("expected a connection");
	return connectionOf(own, value);
}

test("the default is root on port 22, without sudo, with the agent", () => {
	expect(connection("{}")).toEqual({
		host: "192.0.2.1",
		port: 22,
		user: "root",
		hostKey: ed25519(),
		become: false,
	});
});

test.each([
	["user: ubuntu", true],
	["user: root", false],
	["{user: ubuntu, become: false}", false],
	["{user: root, become: true}", true],
])("with %s, become is %s", (yaml, become) => {
	expect(connection(yaml).become).toBe(become);
});

test("the port of a machine wins over that of its group", () => {
	const own = { ...machine, port: 2200 };
	expect(connection("port: 2022").port).toBe(2022);
	expect(connection("port: 2022", own).port).toBe(2200);
});

test("timeouts are as declared, and absent where nothing is", () => {
	expect(connection("{}").timeouts).toBeUndefined();
	expect(
		connection("timeouts: {applySeconds: 3600, probeSeconds: 90}").timeouts,
	).toEqual({ applySeconds: 3600, probeSeconds: 90 });
});

test("a proxy has its own key and defaults", () => {
	const yaml = `proxy: {host: bastion, hostKey: ${ed25519(2)}, privateKeyFile: k}`;
	expect(connection(yaml).proxy).toEqual({
		host: "bastion",
		port: 22,
		user: "root",
		hostKey: ed25519(2),
		privateKeyFile: "k",
	});
});

test.each(["hunter 2!", "'-----BEGIN KEY-----'", "12345"])(
	"what could be the secret itself (%s) is not repeated",
	(secret) => {
		const { problems } = decodeText(
			connectionSection,
			`passwordSecret: ${secret}`,
		);
		expect(problems).toHaveLength(1);
		expect(problems[0]).not.toContain(secret.replaceAll("'", ""));
	},
);

test.each([
	"192.0.2.1",
	"2001:db8::1",
	"'fe80::1%eth0'",
	"host",
	"Host-1.example.com",
	"xn--nxasmq6b.example",
])("%s is an address", (yaml) => {
	expect(decodeText(address, yaml).problems).toEqual([]);
});

test.each([
	["ny4-01", true],
	["ny4-01.example.com", true],
	["a".repeat(63), true],
	["a".repeat(64), false],
	["NY4", false],
	["ny4_01", false],
	["ny4-", false],
])("%s as name of a machine: %s", (name, isGood) => {
	const { problems } = decodeText(hostName, name);
	expect(problems).toHaveLength(isGood ? 0 : 1);
});
