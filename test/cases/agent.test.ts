/** An agent with more keys than sshd tries: agent-many-keys. */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitFor } from "../../lab/light/runProgram";
import { createPool } from "../../ssh/pool";
import { type SshHost, startSshHost } from "../toolchain/sshHost";

let host: SshHost;
let directory: string;
let stopAgent: () => void;

beforeAll(async () => {
	host = await startSshHost();
	directory = mkdtempSync(join(tmpdir(), "metaltune-agent-"));
	const socket = join(directory, "socket");
	const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
	stopAgent = () => agent.kill();
	await waitFor("the agent to listen", () => existsSync(socket));
	const env = { ...process.env, SSH_AUTH_SOCK: socket };
	for (const name of ["1", "2", "3", "4", "5", "6"]) {
		const key = join(directory, name);
		execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
		execFileSync("ssh-add", ["-q", key], { env });
	}
	const own = join(directory, "own");
	writeFileSync(own, host.connection.privateKey ?? "", { mode: 0o600 });
	execFileSync("ssh-add", ["-q", own], { env });
	process.env.SSH_AUTH_SOCK = socket;
}, 60_000);
afterAll(async () => {
	stopAgent?.();
	await host?.stop();
	if (directory) rmSync(directory, { recursive: true });
});

test("the message names the cause and the way out", async () => {
	const { port, user, hostKey } = host.connection;
	const pool = createPool({
		idleSeconds: 0,
		handshakes: 1,
		patience: { attemptSeconds: 10, retrySeconds: 0 },
	});
	const own = { host: "127.0.0.1", port, user, hostKey, become: false };
	const login = pool.use(own, (session) =>
		session.run({ name: "look", text: ":", stdin: "", timeoutSeconds: 10 }),
	);
	await expect(login).rejects.toThrow(
		/the SSH agent offers more keys than the host tries \(MaxAuthTries\); name the key's file as `privateKeyFile`/,
	);
});
