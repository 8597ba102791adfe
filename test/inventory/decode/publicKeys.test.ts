/** Host keys, checked against keys that ssh-keygen made. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostKey } from "../../../inventory/decode/publicKeys";
import { decodeText } from "../decodeText";

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
