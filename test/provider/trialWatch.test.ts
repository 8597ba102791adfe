/** Hosts whose HostReady waits for its turn are confirmed meanwhile. */
import { expect, test } from "@jest/globals";
import { changeOnTrial } from "../../host/shell";
import { waitFor } from "../../lab/light/run";
import { trialWatch } from "../../provider/trialWatch";
import type { RemoteConnection } from "../../ssh/connection";
import type { Pool } from "../../ssh/pool";

const connection: RemoteConnection = {
	host: "192.0.2.1",
	port: 22,
	user: "root",
	hostKey: "ssh-ed25519 AAAA",
	become: false,
};

const settingsHash = "0123456789ab".padEnd(64, "0");

/** Notes what is run in which login; `changes` are the answers to the looks. */
function hostThatAnswers(changes: readonly string[]) {
	const said: string[] = [];
	const left = [...changes];
	let login = 1;
	const pool: Pool = {
		use: async (_, task) => {
			const result = await task({
				run: async ({ text }) => {
					const looks = text === changeOnTrial(false);
					const [confirms] = /confirm \S+/.exec(text) ?? [];
					said.push(`${login} ${looks ? "look" : confirms}`);
					const change = looks ? left.shift() : "";
					const stdout = `# live\tb\t90\tkeys\t${change}\n`;
					const code = change === undefined ? 1 : 0;
					return { code, signal: undefined, stdout, stderr: "" };
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

test("what waits is confirmed by another login than the one that saw it, and only what this run applied", async () => {
	const others = "ba9876543210-00000001";
	const ours = "0123456789ab-00000002";
	const { pool, said } = hostThatAnswers([others, "no change; at all", ours]);
	const watch = trialWatch(pool, 0.001);
	watch.begin("h1", connection, settingsHash);
	await waitFor("five looks", () => said.length >= 6);
	watch.end("h1");
	expect(said.slice(0, 5)).toEqual([
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
	const watch = trialWatch(pool, 0.001);
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
	const watch = trialWatch(pool, 0.001);
	watch.begin("h1", connection, settingsHash);
	await waitFor("a third look", () => uses >= 3);
	watch.end("h1");
});
