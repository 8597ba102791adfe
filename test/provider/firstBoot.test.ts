/** A machine that was just made: waited for, and never mistaken for another. */
import { createServer } from "node:net";
import { afterEach, expect, test } from "@jest/globals";
import { firstBoot } from "../../provider/reboot";
import { createPool } from "../../ssh/pool";
import { keyPair, startServer, type TestServer } from "../ssh/sshServer";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const close of closing.splice(0)) await close();
});

const pool = () =>
	createPool({
		idleSeconds: 0,
		handshakes: 4,
		patience: { attemptSeconds: 2, retrySeconds: 0 },
	});

function waiting(connection: TestServer["connection"], timeoutSeconds: number) {
	return firstBoot({
		name: "fx-1",
		connection,
		timeoutSeconds,
		pool: pool(),
		progress: () => undefined,
	});
}

async function server(...args: Parameters<typeof startServer>) {
	const started = await startServer(...args);
	closing.push(started.close);
	return started;
}

test("logins are tried until one is let in, then cloud-init is waited for", async () => {
	const commands: string[] = [];
	let refused = 0;
	const { connection } = await server({
		authenticate(context) {
			if (context.method !== "password") context.reject(["password"]);
			else if (refused++ < 1) context.reject();
			else context.accept();
		},
		exec(channel, command) {
			commands.push(command);
			channel.write("0b0b-boot\n");
			channel.exit(0);
			channel.end();
		},
	});
	await waiting(connection, 60);
	expect(commands).toHaveLength(2);
	expect(commands[1]).toContain("cloud-init status --wait");
}, 30_000);

test("one that never answers is named, with the last reason", async () => {
	const unused = createServer();
	await new Promise<void>((done) => unused.listen(0, "127.0.0.1", done));
	const address = unused.address();
	const port = typeof address === "object" ? (address?.port ?? 0) : 0;
	await new Promise((done) => unused.close(done));
	const connection = {
		host: "127.0.0.1",
		port,
		user: "admin",
		hostKey: keyPair().public,
		become: false,
		password: "x",
	};
	await expect(waiting(connection, 1)).rejects.toThrow(
		/^fx-1: no login to the instance succeeded within 1 s; .*keyPair.*connection was refused/,
	);
});

test("a machine with another key is not waited for", async () => {
	const { connection } = await server();
	await expect(
		waiting({ ...connection, hostKey: keyPair().public }, 60),
	).rejects.toThrow(/the host key is not the pinned one/);
});
