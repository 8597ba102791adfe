/** Hosts whose HostReady waits for its turn are confirmed meanwhile. */
import { expect, test } from "@jest/globals";
import { protocol } from "../../host/protocol";
import { waitFor } from "../../lab/light/runProgram";
import { provisionalWatch } from "../../provider/provisionalWatch";
import type { Pool } from "../../ssh/pool";
import type { RemoteConnection } from "../../ssh/remoteConnection";

const connection: RemoteConnection = {
	host: "192.0.2.1",
	port: 22,
	user: "root",
	hostKey: "ssh-ed25519 AAAA",
	become: false,
};

const settingsHash = "0123456789ab".padEnd(64, "0");

const live = (change: string) => `provisional\tlive\tnow\t90\tkeys\t${change}`;

/** Notes what is run in which login; `answers` are lines of the looks' reports. */
function hostThatAnswers(answers: readonly string[]) {
	const said: string[] = [];
	const left = [...answers];
	let login = 1;
	const pool: Pool = {
		use: async (_, task) => {
			const result = await task({
				run: async ({ text }) => {
					const looks = / status'?$/m.test(text);
					const [confirms] = /confirm [\w-]+/.exec(text) ?? [];
					said.push(`${login} ${looks ? "look" : confirms}`);
					const line = looks ? left.shift() : undefined;
					const stdout = [`metaltune\t${protocol}`, line, "end\t0\n"]
						.filter((each) => each !== undefined)
						.join("\n");
					return { code: 0, signal: undefined, stdout, stderr: "" };
				},
			});
			return result;
		},
		forget: () => {
			login += 1;
		},
		cancel: () => undefined,
	};
	return { pool, said };
}

test("only a change of this run is confirmed, by a login after the one that found it", async () => {
	const others = "ba9876543210-00000001";
	const ours = "0123456789ab-00000002";
	const { pool, said } = hostThatAnswers([
		live(others),
		live("no change; at all"),
		`${live(ours)}\ninterrupted\tapply`,
		live(ours),
	]);
	const watch = provisionalWatch(pool, 0.001);
	watch.begin("h1", connection, settingsHash);
	await waitFor("six looks", () => said.length >= 7);
	watch.end("h1");
	expect(said.slice(0, 6)).toEqual([
		"1 look",
		"1 look",
		"1 look",
		"1 look",
		`2 confirm ${ours}`,
		"2 look",
	]);
});

test("a host whose HostReady begins before the first look is never looked at", async () => {
	const asked: string[] = [];
	const pool: Pool = {
		use: async ({ host }) => {
			asked.push(host);
			throw new Error("refused");
		},
		forget: () => undefined,
		cancel: () => undefined,
	};
	const watch = provisionalWatch(pool, 0.001);
	watch.begin("h1", connection, settingsHash);
	watch.end("h1");
	watch.begin("h2", { ...connection, host: "192.0.2.2" }, settingsHash);
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
		cancel: () => undefined,
	};
	const watch = provisionalWatch(pool, 0.001);
	watch.begin("h1", connection, settingsHash);
	await waitFor("a third look", () => uses >= 3);
	watch.end("h1");
});
