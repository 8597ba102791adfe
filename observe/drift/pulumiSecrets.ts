/**
 * Secrets cross the engine in envelopes. They are opened when a call comes in
 * and added again to all outgoing data. No state file and no preview holds a
 * key or password in plain text.
 */

import { isFields } from "../../model/plainData";

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

const secretNames = ["privateKey", "password", "contents"];

/** The same data with every envelope, at any depth, replaced by its content. */
export function openSecrets(data: unknown): unknown {
	if (Array.isArray(data)) {
		return data.map(openSecrets);
	}
	if (!isFields(data)) {
		return data;
	}
	if (data[signatureKey] === secretSignature) {
		// An export of a stack holds the value as JSON text.
		return openSecrets(
			typeof data.plaintext === "string"
				? JSON.parse(data.plaintext)
				: data.value,
		);
	}
	return Object.fromEntries(
		Object.entries(data).map(([key, value]) => [key, openSecrets(value)]),
	);
}

/** The same data with every private key, password and content in an envelope. */
export function sealSecrets(data: unknown): unknown {
	if (Array.isArray(data)) {
		return data.map(sealSecrets);
	}
	if (!isFields(data)) {
		return data;
	}
	return Object.fromEntries(
		Object.entries(data).map(([key, value]) => [
			key,
			secretNames.includes(key) && value !== undefined && value !== ""
				? { [signatureKey]: secretSignature, value }
				: sealSecrets(value),
		]),
	);
}
