/**
 * The inputs of each resource, as tables, and the check of given inputs against
 * them: defaults, required properties, types.
 */
import type { CheckFailure, CheckResult } from "@pulumi/pulumi/provider";
import {
	isArchive,
	isAsset,
	isProperties,
	isUnknown,
	type Properties,
	plain,
	secret,
} from "./secrets";

const kinds = {
	text: (value: unknown) => typeof value === "string",
	number: (value: unknown) => typeof value === "number",
	flag: (value: unknown) => typeof value === "boolean",
	list: (value: unknown) => Array.isArray(value),
	texts: (value: unknown) =>
		Array.isArray(value) && value.every((part) => kinds.text(part)),
	textMap: (value: unknown) =>
		isProperties(value) &&
		Object.values(value).every((part) => kinds.text(part)),
	logging: (value: unknown) =>
		["stdout", "stderr", "stdoutAndStderr", "none"].some((v) => v === value),
	source: (value: unknown) => isAsset(value) || isArchive(value),
	connection: isProperties,
};

/** One input: its allowed values and the effect of a change. */
export interface Field {
	readonly kind: keyof typeof kinds;
	readonly required?: true;
	/** A change replaces the resource instead of updating it. */
	readonly replaces?: true;
}

/** The inputs of one resource type or connection, by name. */
export type Shape = { readonly [name: string]: Field };

/** The inputs that every kind of command has. */
export const commandShape: Shape = {
	create: { kind: "text" },
	update: { kind: "text" },
	delete: { kind: "text" },
	stdin: { kind: "text" },
	logging: { kind: "logging" },
	environment: { kind: "textMap" },
	addPreviousOutputInEnv: { kind: "flag" },
	triggers: { kind: "list", replaces: true },
};

const endpointShape: Shape = {
	host: { kind: "text", required: true },
	port: { kind: "number" },
	user: { kind: "text" },
	password: { kind: "text" },
	privateKey: { kind: "text" },
	privateKeyPassword: { kind: "text" },
	agentSocketPath: { kind: "text" },
	hostKey: { kind: "text" },
	dialErrorLimit: { kind: "number" },
	perDialTimeout: { kind: "number" },
};

const endpointDefaults = {
	user: "root",
	port: 22,
	dialErrorLimit: 10,
	perDialTimeout: 15,
};

/** Checks inputs against `shape`; a connection always becomes a secret. */
export function checkInputs(news: Properties, shape: Shape): CheckResult {
	const failures = checkFields(news, shape, "");
	const connection = plain(news.connection);
	if (shape.connection === undefined || !isProperties(connection)) {
		return { inputs: news, failures };
	}
	failures.push(...checkConnection(connection));
	const complete = secret(withDefaults(connection));
	return { inputs: { ...news, connection: complete }, failures };
}

function checkConnection(connection: Properties): CheckFailure[] {
	const failures = checkFields(connection, endpointShape, "connection.");
	const { proxy } = connection;
	if (isProperties(proxy)) {
		failures.push(...checkFields(proxy, endpointShape, "connection.proxy."));
	}
	return failures;
}

function checkFields(
	properties: Properties,
	shape: Shape,
	path: string,
): CheckFailure[] {
	return Object.entries(shape).flatMap(([name, field]) => {
		const value = plain(properties[name]);
		const property = `${path}${name}`;
		if (value === undefined || value === null) {
			return field.required === undefined
				? []
				: [{ property, reason: `expected a ${field.kind}, got nothing` }];
		}
		return isUnknown(value) || kinds[field.kind](value)
			? []
			: [{ property, reason: `expected a ${field.kind}, got ${typeof value}` }];
	});
}

function withDefaults(connection: Properties): Properties {
	const { proxy } = connection;
	return {
		...endpointDefaults,
		...connection,
		...(isProperties(proxy)
			? { proxy: { ...endpointDefaults, ...proxy } }
			: {}),
	};
}

/** A text input, undefined when absent. */
export function textOf(properties: Properties, name: string) {
	const value = properties[name];
	return typeof value === "string" ? value : undefined;
}

/** The entries of a map of texts, none when absent. */
export function textEntriesOf(properties: Properties, name: string) {
	const value = properties[name];
	return isProperties(value)
		? Object.entries(value).map(([key, text]) => [key, String(text)] as const)
		: [];
}
