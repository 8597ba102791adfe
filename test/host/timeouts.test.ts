/** A limit that the inventory declares is the one that the host is given. */
import { afterEach, expect, test } from "@jest/globals";
import { type Host, withHost } from "../../host/call";
import { confirm, disown, revert, want } from "../../host/client";
import { probe, probeInstalled } from "../../host/probe";
import type { Timeouts } from "../../model/timeouts";
import { defaultPatience } from "../../ssh/dial";
import { createPool, type Pool } from "../../ssh/pool";
import type { RemoteConnection } from "../../ssh/remoteConnection";
import { startServer, type TestServer } from "../ssh/sshServer";

const servers: TestServer[] = [];
const pools: Pool[] = [];
afterEach(async () => {
	for (const pool of pools.splice(0)) pool.cancel();
	for (const server of servers.splice(0)) await server.close();
});

function on(
	connection: RemoteConnection,
	task: (host: Host) => Promise<unknown>,
) {
	const pool = createPool({
		idleSeconds: 0,
		handshakes: 1,
		patience: defaultPatience,
	});
	pools.push(pool);
	return withHost(pool, "h1", connection, task);
}

/** The first command of a task on a host that declares timeouts. */
async function sentBy(
	timeouts: Timeouts,
	task: (host: Host) => Promise<unknown>,
): Promise<string> {
	const commands: string[] = [];
	const server = await startServer({
		exec: (channel, command) => {
			commands.push(command);
			channel.exit(1);
			channel.end();
		},
	});
	servers.push(server);
	await expect(on({ ...server.connection, timeouts }, task)).rejects.toThrow(
		"h1: ",
	);
	return commands[0] ?? "";
}

const owner = "0123456789abcdef0123456789abcdef";
const change = "0123456789ab-00000002";

test.each<[string, Timeouts, (host: Host) => Promise<unknown>, string]>([
	["probe", {}, (host) => probe(host, []), "--limit=120 probe"],
	[
		"probe",
		{ probeSeconds: 300 },
		(host) => probe(host, []),
		"--limit=300 probe",
	],
	["probe", {}, probeInstalled, "--limit=120 probe --installed"],
	[
		"probe",
		{ probeSeconds: 301 },
		probeInstalled,
		"--limit=301 probe --installed",
	],
	["want", {}, (host) => want(host, [], {}), "--limit=120 want"],
	[
		"want",
		{ probeSeconds: 302 },
		(host) => want(host, [], {}),
		"--limit=302 want",
	],
	["revert", {}, (host) => revert(host, owner), "--limit=600 revert"],
	[
		"revert",
		{ revertSeconds: 1200 },
		(host) => revert(host, owner),
		"--limit=1200 revert",
	],
	[
		"confirm",
		{ revertSeconds: 1201 },
		(host) => confirm(host, change),
		"--limit=1201 confirm",
	],
	[
		"disown",
		{ revertSeconds: 1202 },
		(host) => disown(host, owner),
		"--limit=1202 disown",
	],
])("%s with %j", async (_, timeouts, task, expected) => {
	expect(await sentBy(timeouts, task)).toContain(expected);
});

test("a host that does not end a verb itself is named, with the key that raises its limit", async () => {
	const server = await startServer({ exec: () => undefined });
	servers.push(server);
	const connection = { ...server.connection, timeouts: { probeSeconds: 1 } };
	await expect(on(connection, probeInstalled)).rejects.toThrow(
		/^h1: .*probe did not end within 6 s; find out on the host what it waits for, or raise its limit with connection\.timeouts\.probeSeconds$/,
	);
});
