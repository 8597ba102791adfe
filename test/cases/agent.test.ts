/** An agent with more keys than sshd tries: agent-many-keys. */
import { execFileSync, spawn } from "node:child_process";
import {
	existsSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
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

function look(agentKey?: string) {
	const { port, user, hostKey } = host.connection;
	const pool = createPool({
		idleSeconds: 0,
		handshakes: 1,
		patience: { attemptSeconds: 10, retrySeconds: 0 },
	});
	const own = { host: "127.0.0.1", port, user, hostKey, become: false };
	return pool.use(
		agentKey === undefined ? own : { ...own, agentKey },
		(session) =>
			session.run({
				name: "look",
				text: "echo here",
				stdin: "",
				timeoutSeconds: 10,
			}),
	);
}

const publicKey = (name: string) =>
	readFileSync(join(directory, name), "utf8").trim();

test("the message names the cause and the way out", async () => {
	await expect(look()).rejects.toThrow(
		/the SSH agent offers more keys than the host tries \(MaxAuthTries\); name the right one as `agentKey`/,
	);
});

test("agentKey is the only key that is offered", async () => {
	execFileSync("sh", ["-c", "ssh-keygen -y -f own >own.pub"], {
		cwd: directory,
	});
	expect(await look(publicKey("own.pub"))).toMatchObject({ stdout: "here\n" });
	await expect(look(publicKey("1.pub"))).rejects.toThrow(
		/the host accepted none of: agentKey; add the public key/,
	);
});

test("an agentKey that the agent does not hold is named", async () => {
	const env = { ...process.env };
	execFileSync("ssh-add", ["-q", "-d", join(directory, "1.pub")], { env });
	await expect(look(publicKey("1.pub"))).rejects.toThrow(
		/accepted none of: agentKey \(SSH agent: it holds 6 keys, and agentKey SHA256:\S+ is not one of them; load it with ssh-add\)/,
	);
});
