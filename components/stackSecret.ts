/** Secrets of the stack's config that the inventory names. */
import * as pulumi from "@pulumi/pulumi";

/** Keys whose values are secrets, as the engine reports them to the program. */
function secretKeys(): readonly unknown[] {
	const keys: unknown = JSON.parse(
		process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]",
	);
	return Array.isArray(keys) ? keys : [];
}

/**
 * The text of a secret of the stack's config.
 *
 * @param key with the project's namespace, or without it.
 * @returns an Error with the command to run when the key is missing or is
 *   stored in plain text.
 */
export function stackSecret(key: string): string | Error {
	const name = key.includes(":") ? key : `${pulumi.getProject()}:${key}`;
	const value = pulumi.runtime.getConfig(name);
	const set = `run \`pulumi config set --secret ${key}\``;
	if (value === undefined) {
		return new Error(
			`expected a secret of the stack's config, got none of the name ${key}; ${set}`,
		);
	}
	return secretKeys().includes(name)
		? value
		: new Error(
				`expected a secret of the stack's config, but ${key} is kept in clear; ${set}`,
			);
}
