/** `command:remote:Command` against a real sshd. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../lab/metal/freePort";
import { remoteCommand } from "../../toolchain/commandProvider/remoteCommand";
import { connect } from "../../toolchain/commandProvider/retriedConnection";
import { recordedLog } from "./recordedLog";
import { type SshHost, startSshHost } from "./sshHost";

let host: SshHost;

beforeAll(async () => {
	host = await startSshHost();
	delete process.env.SSH_AUTH_SOCK;
});

afterAll(() => host.stop());

function create(
	command: string,
	changes: { readonly [name: string]: unknown } = {},
	log = recordedLog(),
) {
	return remoteCommand.create(
		{ connection: host.connection, create: command, ...changes },
		log,
	);
}

test("one newline is cut from the end of each output", async () => {
	await expect(create("printf ' a\\n\\n'; printf 'b\\n' >&2")).resolves.toEqual(
		{ stdout: " a\n", stderr: "b" },
	);
});

test("stdin arrives whole, and ends where there is none", async () => {
	const stdin = "line\n".repeat(200_000);
	const counted = await create("wc -c", { stdin });
	expect(counted.stdout).toBe(String(stdin.length));
	await expect(create("cat")).resolves.toEqual({ stdout: "", stderr: "" });
});

test("a failure quotes the command and what it printed", async () => {
	await expect(create('echo "out"; echo err >&2; exit 3')).rejects.toThrow(
		/^Process exited with status 3: running "echo \\"out\\"; .*":\n(out\nerr|err\nout)\n$/,
	);
});

test("endless and hostile output is bounded, and obeyed by nothing", async () => {
	const log = recordedLog();
	const hostile =
		"printf '\\033[2J\\n::error::x\\n' >&2; head -c 52428800 /dev/zero | tr '\\0' y; yes z | head -n 9000";
	const { stdout, stderr } = await create(hostile, {}, log);
	expect(Buffer.byteLength(String(stdout))).toBeLessThan(70_000);
	expect(stdout).toMatch(/bytes are left out here[\s\S]*z\nz$/);
	expect(stderr).toBe("\\u001b[2J\n\\u003a:error::x");
	expect(log.progressed.length).toBeLessThan(2100);
	expect(Math.max(...log.progressed.map((line) => line.length))).toBeLessThan(
		5000,
	);
	expect(log.progressed).toContain("\\u003a:error::x");
	const failed = await create(`${hostile}; exit 3`).catch(
		(error: Error) => error.message,
	);
	expect(Buffer.byteLength(String(failed))).toBeLessThan(16_000);
	expect(failed).toMatch(/^Process exited with status 3: running/);
	expect(failed).not.toContain("\u001b");
	expect(failed).not.toMatch(/^\s*::/m);
});

test("a killed command is a failure", async () => {
	await expect(create("kill -9 $$")).rejects.toThrow(
		"Process exited with status 137 from signal KILL: running",
	);
});

test("a host that falls silent is a lost connection", async () => {
	const keepalive = { keepaliveInterval: 50, keepaliveCountMax: 3 };
	const { client } = await connect(host.connection, recordedLog(), keepalive);
	const lost = new Promise<boolean>((resolve) => {
		client.once("close", () => resolve(true));
	});
	const server = await new Promise<number>((resolve, reject) => {
		client.exec("echo $PPID; exec cat", (error, channel) => {
			channel?.once("data", (printed: Buffer) => resolve(Number(printed)));
			if (error !== undefined) {
				reject(error);
			}
		});
	});
	process.kill(server, "SIGSTOP");
	try {
		await expect(lost).resolves.toBe(true);
	} finally {
		process.kill(server, "SIGKILL");
	}
});

test("no command runs nothing and says nothing", async () => {
	await expect(
		remoteCommand.create(
			{ connection: { ...host.connection, port: await freePort() } },
			recordedLog(),
		),
	).resolves.toEqual({ stdout: "", stderr: "" });
});

test("an update without commands keeps what was printed", async () => {
	const { connection } = host;
	await expect(
		remoteCommand.update(
			{ connection, stdout: "before", stderr: "" },
			{ connection },
			recordedLog(),
		),
	).resolves.toEqual({ stdout: "before", stderr: "" });
});

test.each([
	[undefined, ["out", "err"]],
	["stdoutAndStderr", ["out", "err"]],
	["stdout", ["out"]],
	["stderr", ["err"]],
	["none", []],
])("logging %s passes on %j", async (logging, expected) => {
	const log = recordedLog();
	await create("printf out; echo err >&2", { logging }, log);
	expect(log.progressed.toSorted()).toEqual(expected.toSorted());
});

describe("environment", () => {
	test("an accepted variable is set", async () => {
		const { stdout } = await create('printf "%s" "$ACCEPTED_X"', {
			environment: { ACCEPTED_X: "a 'b' $c" },
		});
		expect(stdout).toBe("a 'b' $c");
	});

	test("a refused one fails before the command runs", async () => {
		const mark = join(host.directory, "ran");
		await expect(
			create(`touch ${mark}`, { environment: { REFUSED: "1" } }),
		).rejects.toThrow("environment REFUSED: expected the SSH server to accept");
		expect(existsSync(mark)).toBe(false);
	});

	test.each([
		[undefined, 1],
		[true, 1],
		[false, 0],
	])(
		"refused previous output with addPreviousOutputInEnv %s warns %i times",
		async (addPreviousOutputInEnv, warnings) => {
			const log = recordedLog();
			const { connection } = host;
			const updated = await remoteCommand.update(
				{ connection, stdout: "before", stderr: "" },
				{ connection, update: "echo now", addPreviousOutputInEnv },
				log,
			);
			expect(updated).toEqual({ stdout: "now", stderr: "" });
			expect(log.warned).toHaveLength(warnings);
		},
	);
});

describe("connection", () => {
	test("another host key is refused, both named", async () => {
		const connection = { ...host.connection, hostKey: host.otherHostKey };
		await expect(create("true", { connection })).rejects.toThrow(
			/after 0 failed attempts: host key mismatch: expected ssh-ed25519 SHA256:\S+, got ssh-ed25519 SHA256:\S+$/,
		);
	});

	test("a pinned key of every type is the one that is asked for", async () => {
		expect(Object.keys(host.hostKeys)).toHaveLength(5);
		for (const hostKey of Object.values(host.hostKeys)) {
			const connection = { ...host.connection, hostKey };
			const { stdout } = await create("echo in", { connection });
			expect(stdout).toBe("in");
		}
	});

	test("no host key believes any host", async () => {
		const { hostKey: _, ...connection } = host.connection;
		const { stdout } = await create("echo in", { connection });
		expect(stdout).toBe("in");
	});

	test("a refused dial is tried again as often as allowed", async () => {
		const log = recordedLog();
		const port = await freePort();
		const connection = { ...host.connection, port, dialErrorLimit: 2 };
		await expect(create("true", { connection }, log)).rejects.toThrow(
			`Dial 127.0.0.1:${port}: after 2 failed attempts: `,
		);
		expect(log.progressed).toEqual([
			"Dial 1/2 failed: retrying",
			"Dial 2/2 failed: retrying",
		]);
	});

	test("an encrypted key needs its password", async () => {
		const path = join(host.directory, "encrypted");
		writeFileSync(path, host.connection.privateKey, { mode: 0o600 });
		execFileSync("ssh-keygen", ["-q", "-p", "-N", "letmein", "-f", path]);
		const privateKey = readFileSync(path, "utf8");
		const connection = { ...host.connection, privateKey };
		await expect(create("true", { connection })).rejects.toThrow(
			/^privateKey of 127\.0\.0\.1: /,
		);
		const { stdout } = await create("echo in", {
			connection: { ...connection, privateKeyPassword: "letmein" },
		});
		expect(stdout).toBe("in");
	});

	test("the proxy's host key counts, and through it the host is reached", async () => {
		const proxy = host.connection;
		const { stdout } = await create("echo in", {
			connection: { ...host.connection, proxy },
		});
		expect(stdout).toBe("in");
		await expect(
			create("true", {
				connection: {
					...host.connection,
					proxy: { ...proxy, hostKey: host.otherHostKey },
				},
			}),
		).rejects.toThrow("Dial proxy 127.0.0.1:");
	});

	describe("agent", () => {
		let agent: ChildProcess;
		let agentSocketPath: string;

		beforeAll(async () => {
			agentSocketPath = join(host.directory, "agent");
			agent = spawn("ssh-agent", ["-D", "-a", agentSocketPath]);
			await new Promise((resolve) => agent.stdout?.once("data", resolve));
			const env = { ...process.env, SSH_AUTH_SOCK: agentSocketPath };
			execFileSync("ssh-add", ["-q", join(host.directory, "user")], { env });
		});

		afterAll(async () => {
			const ended = new Promise((resolve) => agent.once("exit", resolve));
			agent.kill();
			await ended;
		});

		test("a named agent is asked", async () => {
			const { privateKey: _, ...connection } = host.connection;
			await expect(create("true", { connection })).rejects.toThrow(
				"authentication",
			);
			const { stdout } = await create("echo in", {
				connection: { ...connection, agentSocketPath },
			});
			expect(stdout).toBe("in");
		});

		test("a missing agent is an error at once", async () => {
			const connection = {
				...host.connection,
				agentSocketPath: "/nowhere",
				dialErrorLimit: -1,
			};
			await expect(create("true", { connection })).rejects.toThrow(
				"SSH agent /nowhere: connect ENOENT",
			);
		});
	});
});
