/**
 * Ways into a host: a key from a config secret that never shows, sudo, and
 * what is said when the host is another one or sudo asks for a password.
 */
import { execFileSync, spawnSync } from "node:child_process";
import {
	copyFileSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { diffTrees, type TreeSnapshot } from "../support/tree";
import { type EngineLab, startEngineLab } from "./lab";

jest.setTimeout(120_000);

const tuning = { sysctl: { "vm.swappiness": 7 } };
const byKey = { connection: { privateKeySecret: "hostLogin" } };
const sudo = { connection: { become: true } };

let lab: EngineLab;
let before: readonly TreeSnapshot[];
let said = "";

async function up(...flags: readonly string[]) {
	const ended = await lab.up(...flags);
	said += ended.text;
	return ended;
}

function fingerprint(publicKey: string): string {
	const lines = spawnSync("ssh-keygen", ["-lf", "-"], {
		input: publicKey,
		encoding: "utf8",
	});
	return lines.stdout.split(" ")[1] ?? "";
}

beforeAll(async () => {
	lab = await startEngineLab({ count: 2 });
	before = lab.hosts.map((host) => host.tree());
	await lab.pulumi(
		...["config", "set", "--secret", "hostLogin", "--"],
		readFileSync(lab.privateKeyFile, "utf8"),
	);
});
afterAll(() => lab?.remove());

test("another host key: both fingerprints, and nothing is touched", async () => {
	const [light1, light2] = [lab.host("light-1"), lab.host("light-2")];
	const { hostKey } = light1;
	lab.declare(
		{ tuning },
		{ "light-1": byKey, "light-2": { ...sudo, hostKey } },
	);
	const refused = await up();
	expect(refused).toMatchObject({ logins: { "light-2": 0 } });
	expect(refused.code).not.toBe(0);
	expect(refused.text).toContain(
		`light-2: root@127.0.0.1:${light2.port}: the host key is not the pinned one: expected ssh-ed25519 ${fingerprint(hostKey)}, got ssh-ed25519 ${fingerprint(light2.hostKey)}`,
	);
	expect(diffTrees(before[1] ?? new Map(), light2.tree())).toEqual([]);
});

test("sudo that asks for a password is told how not to", async () => {
	const marker = join(lab.host("light-2").root, ".lab/sudo-needs-password");
	writeFileSync(marker, "");
	lab.declare({ tuning }, { "light-1": byKey, "light-2": sudo });
	const refused = await up();
	expect(refused.code).not.toBe(0);
	expect(refused.text).toMatch(
		/light-2: \w+: sudo asks for a password: allow this user `NOPASSWD: ALL`/,
	);
	rmSync(marker);
});

test("sudo and a key from the configuration tune and revert", async () => {
	// The engine takes the text of a config's secret out of its log by itself;
	// this is the same key with another comment.
	const privateKeyFile = join(lab.directory, "copy");
	copyFileSync(lab.privateKeyFile, privateKeyFile);
	spawnSync("ssh-keygen", ["-c", "-C", "copy", "-f", privateKeyFile]);
	const byFile = { connection: { become: true, privateKeyFile } };
	lab.declare({ tuning }, { "light-1": byKey, "light-2": byFile });
	// What the engine, the program and both plugins say of their work.
	expect(await up("--debug")).toMatchObject({ code: 0 });
	const ok = { verdicts: { ok: 1 } };
	expect(await lab.status()).toMatchObject({ "light-1": ok, "light-2": ok });
	const drift = await lab.drift();
	expect(drift).toMatchObject({ code: 0 });
	const destroyed = await lab.destroy();
	expect(destroyed).toMatchObject({ code: 0 });
	said += drift.text + destroyed.text;
	for (const [index, host] of lab.hosts.entries()) {
		expect(diffTrees(before[index] ?? new Map(), host.tree())).toEqual([]);
	}
});

test("one key of an agent that holds more than sshd tries", async () => {
	const env = { ...process.env, SSH_AUTH_SOCK: lab.agentSocket };
	const agent = (...args: readonly string[]) =>
		execFileSync("ssh-add", ["-q", ...args], { env });
	agent("-D");
	for (const name of ["1", "2", "3", "4", "5", "6"]) {
		const file = join(lab.directory, `agent-${name}`);
		execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file]);
		agent(file);
	}
	agent(lab.privateKeyFile);
	const agentKey = readFileSync(`${lab.privateKeyFile}.pub`, "utf8").trim();
	lab.declare({ tuning }, { "light-1": { connection: { agentKey } } });
	expect(await up()).toMatchObject({ code: 0 });
	expect(await lab.status()).toMatchObject({
		"light-1": { verdicts: { ok: 1 } },
	});
	// Nothing has changed, where the key is asked for included.
	expect(await up()).toMatchObject({ code: 0, logins: { "light-1": 0 } });
	expect(readdirSync(join(lab.directory, ".metaltune/agent"))).toEqual([]);
	const destroyed = await lab.destroy();
	expect(destroyed).toMatchObject({ code: 0 });
	said += destroyed.text;
});

test("the key is in no output, no checkpoint and no backup of one", () => {
	const state = join(lab.directory, "state");
	const files = readdirSync(state, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
	expect(files.join()).toContain("light-1");
	const lines = readFileSync(lab.privateKeyFile, "utf8").split("\n");
	const secret = lines.filter((line) => line.length > 60);
	expect(secret.length).toBeGreaterThan(1);
	for (const part of [...secret, "OPENSSH PRIVATE KEY"]) {
		expect(said.includes(part)).toBe(false);
		expect(files.join().includes(part)).toBe(false);
	}
});
