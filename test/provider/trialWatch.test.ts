/** Hosts whose HostReady waits for its turn are confirmed meanwhile. */
import { expect, test } from "@jest/globals";
import { waitFor } from "../../lab/light/run";
import type { RemoteConnection } from "../../provider/connection";
import { isOnTrial } from "../../provider/remoteShell";
import type { Pool } from "../../provider/sshPool";
import { trialWatch } from "../../provider/trialWatch";

const connection: RemoteConnection = {
	host: "192.0.2.1",
	port: 22,
	user: "root",
	hostKey: "ssh-ed25519 AAAA",
	become: false,
};

/** Notes what is run in which login; `codes` are the answers to the looks. */
function hostThatAnswers(codes: readonly number[]) {
	const said: string[] = [];
	const left = [...codes];
	let login = 1;
	const pool: Pool = {
		use: async (_, task) => {
			const result = await task({
				run: async ({ text }) => {
					const looks = text === isOnTrial(false);
					said.push(`${login} ${looks ? "look" : "confirm"}`);
					const code = looks ? (left.shift() ?? 1) : 0;
					return { code, signal: undefined, stdout: "", stderr: "" };
				},
			});
			return result;
		},
		forget: () => {
			login += 1;
		},
	};
	return { pool, said };
}

test("what waits is confirmed by another login than the one that saw it", async () => {
	const { pool, said } = hostThatAnswers([1, 0, 1]);
	const watch = trialWatch(pool, 0.001);
	watch.begin("h1", connection);
	await waitFor("four looks", () => said.length >= 5);
	watch.end("h1");
	expect(said.slice(0, 4)).toEqual(["1 look", "1 look", "2 confirm", "2 look"]);
});

test("a host whose HostReady begins before the first look is never looked at", async () => {
	const asked: string[] = [];
	const pool: Pool = {
		use: async ({ host }) => {
			asked.push(host);
			throw new Error("refused");
		},
		forget: () => undefined,
	};
	const watch = trialWatch(pool, 0.001);
	watch.begin("h1", connection);
	watch.end("h1");
	watch.begin("h2", { ...connection, host: "192.0.2.2" });
	await waitFor("looks at the other", () => asked.length >= 5);
	watch.end("h2");
	expect(asked).not.toContain("192.0.2.1");
});

test("a host that cannot be reached is tried again", async () => {
	let uses = 0;
	const pool: Pool = {
		use: async () => {
			uses += 1;
			throw new Error("refused");
		},
		forget: () => undefined,
	};
	const watch = trialWatch(pool, 0.001);
	watch.begin("h1", connection);
	await waitFor("a third look", () => uses >= 3);
	watch.end("h1");
});
