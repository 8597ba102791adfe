/** Host keys that OpenSSH takes, and malformed ones that never get out. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { utils } from "ssh2";
import { sealSecrets } from "../../observe/drift/pulumiSecrets";
import { generateHostKey, hostKey, isSound } from "../../provider/hostKey";
import { keyPair } from "../ssh/sshServer";

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

function pairOf(made: { readonly public: string; readonly private: string }) {
	const publicKey = made.public.trim().split(" ").slice(0, 2).join(" ");
	return { publicKey, privateKey: made.private };
}

// About one in 130 of the library's is malformed.
const library = Array.from({ length: 300 }, () =>
	pairOf(utils.generateKeyPairSync("ed25519")),
);

test("a pair is sound exactly when OpenSSH says so", () => {
	const judged = library.map(isSound);
	const really = library.map(
		({ publicKey, privateKey }) => publicOf(privateKey) === publicKey,
	);
	expect(judged).toEqual(really);
	expect(isSound(pairOf(keyPair()))).toBe(true);
}, 60_000);

test("halves of two pairs are not one", () => {
	const [one, other] = [pairOf(keyPair()), pairOf(keyPair())];
	expect(isSound({ ...one, publicKey: other.publicKey })).toBe(false);
	expect(isSound({ ...one, privateKey: "" })).toBe(false);
	expect(isSound({ ...one, publicKey: "" })).toBe(false);
});

/** As the library does it: a key's first byte is missing where it is zero. */
function shortened({ publicKey, privateKey }: ReturnType<typeof pairOf>) {
	const blob = Buffer.from(publicKey.split(" ")[1] ?? "", "base64");
	const head = Buffer.from(blob.subarray(0, 19));
	head.writeUInt32BE(31, 15);
	const cut = Buffer.concat([head, blob.subarray(20)]);
	return {
		public: `ssh-ed25519 ${cut.toString("base64")}`,
		private: privateKey,
	};
}

test("a malformed pair is made again, and given up on in the end", () => {
	const good = keyPair();
	const bad = shortened(pairOf(good));
	const made = [bad, bad, good];
	expect(generateHostKey(() => made.shift() ?? bad)).toEqual(pairOf(good));
	expect(() => generateHostKey(() => bad)).toThrow(/20 malformed ones/);
});

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
