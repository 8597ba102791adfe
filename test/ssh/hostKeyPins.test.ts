/**
 * Pins of every type of host key against a real sshd that has them all, as
 * every default installation has more than one.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { freePort } from "../../lab/metal/freePort";
import { fingerprint, parsePublicKey } from "../../model/publicKey";
import { createPool } from "../../ssh/pool";
import type { RemoteConnection } from "../../ssh/remoteConnection";
import { type SshHost, startSshHost } from "../toolchain/sshHost";
import { keyPair, rsaPair } from "./sshServer";

jest.setTimeout(60_000);

let host: SshHost;

beforeAll(async () => {
	host = await startSshHost();
});
afterAll(() => host?.stop());

function connection(change: Partial<RemoteConnection>): RemoteConnection {
	const { port, user, privateKey, hostKey } = host.connection;
	const own = { host: "127.0.0.1", port, user, privateKey, hostKey };
	return { ...own, become: false, ...change };
}

function login(change: Partial<RemoteConnection>): Promise<string> {
	const pool = createPool({
		idleSeconds: 0,
		handshakes: 1,
		patience: { attemptSeconds: 10, retrySeconds: 0 },
	});
	return pool
		.use(connection(change), (session) =>
			session.run({
				name: "look",
				text: "echo in",
				stdin: "",
				timeoutSeconds: 10,
			}),
		)
		.then(
			({ stdout }) => stdout.trim(),
			(error: Error) => error.message,
		);
}

test.each([
	"ssh-ed25519",
	"ecdsa-sha2-nistp256",
	"ecdsa-sha2-nistp384",
	"ecdsa-sha2-nistp521",
	"ssh-rsa",
	// test/cases/host-key-rsa
])("a pinned %s key is asked for and found right", async (type) => {
	expect(host.hostKeys[type]).toMatch(new RegExp(`^${type} `));
	expect(await login({ hostKey: host.hostKeys[type] ?? "" })).toBe("in");
});

test("another key of the pinned type is refused by that type", async () => {
	const hostKey = rsaPair().public;
	const said = await login({ hostKey });
	const own = parsePublicKey(host.hostKeys["ssh-rsa"] ?? "")?.blob;
	expect(said).toContain(`got ssh-rsa ${fingerprint(own ?? Buffer.alloc(0))};`);
});

test("a host without a key of the pinned type is told by the key it has", async () => {
	const port = await freePort();
	const one = spawn(
		"/usr/sbin/sshd",
		["-D", "-e", "-f", "/dev/null", "-p", String(port)].concat(
			["-o", `HostKey=${host.directory}/host`],
			["-o", "PidFile=none", "-o", "ListenAddress=127.0.0.1"],
		),
		{ stdio: ["ignore", "ignore", "pipe"] },
	);
	try {
		await once(one.stderr, "data");
		const said = await login({ port, hostKey: rsaPair().public });
		expect(said).toMatch(
			/the host key is not the pinned one: expected ssh-rsa SHA256:\S+, got ssh-ed25519 SHA256:/,
		);
	} finally {
		one.kill();
		await once(one, "exit");
	}
});

test("through a proxy, each key is told apart by the login that has it", async () => {
	const hostKey = host.hostKeys["ecdsa-sha2-nistp256"] ?? "";
	const { become: _, ...proxy } = connection({
		hostKey: host.hostKeys["ssh-rsa"] ?? "",
	});
	expect(await login({ hostKey, proxy })).toBe("in");
	const other = keyPair().public;
	const wrongHost = await login({ hostKey: other, proxy });
	const wrongProxy = await login({
		hostKey,
		proxy: { ...proxy, hostKey: other },
	});
	expect(wrongHost).toMatch(/: the host key is not the pinned one: /);
	expect(wrongHost).toMatch(/change `hostKey` in the inventory/);
	expect(wrongProxy).toMatch(
		/: the login to the proxy failed: .*: the host key is not the pinned one: .*change `connection\.proxy\.hostKey` in the inventory/,
	);
});
