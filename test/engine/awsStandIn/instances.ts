/** Instances as simulated hosts: made from user data, and ended for good. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { hostPaths, prepareHost } from "../../../lab/light/directory";
import { run } from "../../../lab/light/runProgram";
import type { Account, Properties, Stored } from "./account";

/** The lab that an account's instances are hosts of. */
export function labOf(account: { readonly directory: string }): string {
	return join(account.directory, "lab");
}

// cloud-init's part: the keys, and nothing else.
function installHostKey(account: Account, id: string, userData: unknown): void {
	const text = String(userData);
	const config: { readonly [key: string]: unknown } = parse(text);
	const keys = Object(config.ssh_keys);
	const known = ["ssh_deletekeys", "ssh_keys"];
	const more = Object.keys(config).filter((key) => !known.includes(key));
	if (!text.startsWith("#cloud-config\n") || more.length > 0) {
		throw new Error(`expected user data with ${known}, got ${more} as well`);
	}
	const { host, hostKey } = hostPaths(labOf(account), id);
	mkdirSync(host, { recursive: true });
	writeFileSync(hostKey, keys.ed25519_private, { mode: 0o600 });
	writeFileSync(`${hostKey}.pub`, `${keys.ed25519_public}\n`);
}

/**
 * Switches an instance on. Its sshd has no parent process, so that it outlives the
 * plugin however that ends.
 */
export async function powerOn(account: Account, stored: Stored): Promise<void> {
	const lab = labOf(account);
	const { pid, config, log } = hostPaths(lab, stored.id);
	if (existsSync(pid)) return;
	await prepareHost(lab, "debian-12", {
		name: stored.id,
		address: String(stored.added.privateIp),
		port: account.settings().port,
	});
	await run("/usr/sbin/sshd", ["-f", config, "-E", log]);
}

export async function powerOff(account: Account, id: string): Promise<void> {
	const halt = join(__dirname, "../../../lab/light/halt");
	await run(halt, [hostPaths(labOf(account), id).host]);
}

/** What AWS says of a new instance. */
export function launch(account: Account, id: string, inputs: Properties) {
	const { metadataOptions, rootBlockDevice, userData, keyName } = inputs;
	const known = /^(?:encrypted|iops|throughput|volumeSize|volumeType|tags)$/;
	const unknown = Object.keys(Object(rootBlockDevice)).filter(
		(key) => !known.test(key),
	);
	if (unknown.length > 0) {
		throw new Error(`rootBlockDevice: unexpected ${unknown}`);
	}
	if (Object(metadataOptions).httpTokens !== "required") {
		throw new Error("expected IMDSv2 only, got metadataOptions without it");
	}
	if (Object(rootBlockDevice).encrypted !== true) {
		throw new Error("expected an encrypted root volume");
	}
	if (!account.settings().keyPairs.includes(String(keyName))) {
		throw new Error(`InvalidKeyPair.NotFound: ${keyName}`);
	}
	installHostKey(account, id, userData);
	const number = account.next();
	return {
		privateIp: `127.80.${number >> 8}.${number & 255}`,
		publicIp: "",
		instanceState: "running",
	};
}
