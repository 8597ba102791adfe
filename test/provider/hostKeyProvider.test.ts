/** Host keys that OpenSSH and the SSH library take. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { utils } from "ssh2";
import { sealSecrets } from "../../observe/drift/pulumiSecrets";
import { generateHostKey, hostKey } from "../../provider/hostKeyProvider";

const directory = mkdtempSync(join(tmpdir(), "metaltune-hostkey-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** The public key that OpenSSH sees in a private one; "" when it sees none. */
function publicOf(privateKey: string): string {
	const file = join(directory, "key");
	writeFileSync(file, privateKey, { mode: 0o600 });
	try {
		const printed = execFileSync("ssh-keygen", ["-y", "-P", "", "-f", file], {
			encoding: "utf8",
			stdio: ["ignore", "pipe", "ignore"],
		});
		return printed.trim().split(" ").slice(0, 2).join(" ");
	} catch {
		return "";
	}
}

/** Whether the public key begins with a zero byte, which libraries get wrong. */
function beginsWithZero(publicKey: string): boolean {
	// Behind two lengths and the type.
	return Buffer.from(publicKey.split(" ")[1] ?? "", "base64")[19] === 0;
}

test("OpenSSH takes every pair, also one with a zero byte in front", () => {
	const some = Array.from({ length: 8 }, generateHostKey);
	let zero = generateHostKey();
	while (!beginsWithZero(zero.publicKey)) zero = generateHostKey();
	for (const { publicKey, privateKey } of [...some, zero]) {
		expect(publicKey).toMatch(/^ssh-ed25519 [A-Za-z0-9+/]{68}$/);
		expect(publicOf(privateKey)).toBe(publicKey);
		const key = utils.parseKey(privateKey);
		const known = utils.parseKey(publicKey);
		if (key instanceof Error || known instanceof Error) throw key;
		expect(known.verify("metaltune", key.sign("metaltune"))).toBe(true);
	}
}, 60_000);

test("the resource is made once, and its private half leaves it sealed", async () => {
	const state = await hostKey.create("urn", { host: "fx-1" });
	expect(publicOf(state.privateKey)).toBe(state.publicKey);
	expect(JSON.stringify(sealSecrets(state))).toMatch(
		/"privateKey":\{"4dabf18193072939515e22adb298388d"/,
	);
	expect(hostKey.diff(state, { host: "fx-1" }).changes).toBe(false);
	expect(await hostKey.read("urn", state)).toMatchObject({ state });
	const other = await hostKey.create("urn", { host: "fx-1" });
	expect(other.publicKey).not.toBe(state.publicKey);
});
