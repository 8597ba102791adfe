/**
 * Turns the inventory's connection into the two forms that resources take. The
 * inventory names secrets and resources hold them. Here each name is replaced
 * by its secret, always as a Pulumi secret.
 */
import { readFileSync } from "node:fs";
import type { types } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { errorCode } from "../model/errorCode";
import type { Access } from "../model/hostSpec";
import { printableLines } from "../model/printable";
import type { Timeouts } from "../model/timeouts";
import { expandHome } from "../ssh/authentication";
import { oneKeySocket } from "./oneKeySocket";

type Secret = pulumi.Output<string>;

/** A host's address, and its pinned key. */
export interface Endpoint {
	readonly host: pulumi.Input<string>;
	readonly hostKey: pulumi.Input<string>;
}

interface LoginArgs extends Endpoint {
	readonly port: number;
	readonly user: string;
	readonly agentKey?: string;
	readonly privateKeyFile?: string;
	readonly privateKey?: Secret;
	readonly password?: Secret;
}

/** What HostState and HostReady take. */
export interface ConnectionArgs extends LoginArgs {
	readonly become: boolean;
	readonly proxy?: LoginArgs;
	readonly timeouts?: Timeouts;
}

type Hop = Omit<Access, "become" | "proxy" | "timeouts">;

function loginArgs(
	hop: Hop,
	{ host, hostKey }: Endpoint,
	config: pulumi.Config,
): LoginArgs {
	const { port, user, agentKey, privateKeyFile } = hop;
	const { privateKeySecret, passwordSecret } = hop;
	return {
		host,
		port,
		user,
		hostKey,
		...(agentKey === undefined ? {} : { agentKey }),
		...(privateKeyFile === undefined ? {} : { privateKeyFile }),
		...(privateKeySecret === undefined
			? {}
			: { privateKey: config.requireSecret(privateKeySecret) }),
		...(passwordSecret === undefined
			? {}
			: { password: config.requireSecret(passwordSecret) }),
	};
}

/**
 * The connection in the form of metaltune's provider.
 *
 * @throws when a config secret it names is not set.
 */
export function connectionArgs(
	access: Access,
	endpoint: Endpoint,
): ConnectionArgs {
	const config = new pulumi.Config();
	const { become, proxy, timeouts } = access;
	return {
		...loginArgs(access, endpoint, config),
		become,
		...(proxy === undefined ? {} : { proxy: loginArgs(proxy, proxy, config) }),
		...(timeouts === undefined ? {} : { timeouts }),
	};
}

function keyFileText({ user, port }: LoginArgs, path: string): string {
	try {
		return readFileSync(expandHome(path), "utf8");
	} catch (error) {
		throw new pulumi.RunError(
			printableLines(
				`login of ${user} at port ${port}: privateKeyFile ${path}: expected a private key that can be read, got ${errorCode(error)}`,
			),
		);
	}
}

// The command provider takes only a key's content, so that content is sent as a
// secret. With an agent, nothing is sent; of one of its keys, where to ask for it.
function commandLogin(login: LoginArgs) {
	const { host, port, user, hostKey, password } = login;
	const { agentKey, privateKeyFile } = login;
	const privateKey =
		privateKeyFile === undefined
			? login.privateKey
			: pulumi.secret(keyFileText(login, privateKeyFile));
	return {
		host,
		port,
		user,
		hostKey,
		...(agentKey === undefined
			? {}
			: { agentSocketPath: oneKeySocket(agentKey) }),
		...(privateKey === undefined ? {} : { privateKey }),
		...(password === undefined ? {} : { password }),
	};
}

/** The same connection in the form of `@pulumi/command`. */
export function commandConnectionArgs(
	connection: ConnectionArgs,
): types.input.remote.ConnectionArgs {
	const { proxy } = connection;
	return {
		...commandLogin(connection),
		...(proxy === undefined ? {} : { proxy: commandLogin(proxy) }),
	};
}
