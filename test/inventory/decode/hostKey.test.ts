/** Host keys, checked against keys that ssh-keygen made. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostKey } from "../../../inventory/decode/hostKey";
import { decodeText } from "../decodeText";
import { ed25519 } from "../inventoryDirectory";

function generated(type: string, bits: string): string {
	const directory = mkdtempSync(join(tmpdir(), "host-key-"));
	try {
		const path = join(directory, "key");
		const args = ["-q", "-t", type, "-b", bits, "-N", "", "-f", path];
		const { status, stderr } = spawnSync("ssh-keygen", args);
		if (status !== 0) throw new Error(`ssh-keygen: ${stderr}`);
		return readFileSync(`${path}.pub`, "utf8").trim();
	} finally {
		rmSync(directory, { recursive: true });
	}
}

test.each([
	["ed25519", "256"],
	["ecdsa", "256"],
	["ecdsa", "521"],
	["rsa", "2048"],
])("a real %s key of %s bits is accepted without its comment", (type, bits) => {
	const line = generated(type, bits);
	const [name, blob, comment] = line.split(" ");
	expect(comment).not.toBeUndefined();
	expect(decodeText(hostKey, line)).toEqual({
		value: `${name} ${blob}`,
		problems: [],
	});
});

const good = ed25519();
const blob = good.split(" ")[1] ?? "";
const longer = Buffer.concat([Buffer.from(blob, "base64"), Buffer.alloc(2)]);

test.each([
	[
		"a leading host name",
		`h1 ${good}`,
		"expected TYPE BASE64, got a host name before them",
	],
	[
		"a bracketed port",
		`"[h1]:22 ${good}"`,
		"expected TYPE BASE64, got a host name before them",
	],
	["no type", blob, "expected a key type (ssh-ed25519,"],
	["no key", "ssh-ed25519", "got one that is truncated or altered"],
	[
		"a key truncated",
		good.slice(0, -4),
		"got one that is truncated or altered",
	],
	[
		"a key with more behind it",
		`ssh-ed25519 ${longer.toString("base64")}`,
		"got one that is truncated or altered",
	],
	["not base64", "ssh-ed25519 AAA!", "got one that is truncated or altered"],
	[
		"another type",
		`ssh-rsa ${blob}`,
		'expected a key of type ssh-rsa, got one of type "ssh-ed25519"',
	],
	["a fingerprint", "SHA256:abcdef", "expected a key type (ssh-ed25519,"],
	[
		"a number",
		"5",
		"as there is no connection without one; run `ssh-keyscan -t ed25519 ADDRESS`",
	],
])("%s is refused", (_, yaml, message) => {
	const { value, problems } = decodeText(hostKey, yaml);
	expect(value).toBeUndefined();
	expect(problems).toEqual([expect.stringContaining(message)]);
});
