/**
 * How a login authenticates: by the named key, else by password, else by the
 * keys in the SSH agent, or by one of them. Keys and passwords are read here and sent nowhere
 * else.
 */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { type ConnectConfig, utils } from "ssh2";
import { SshError } from "./errors";
import { OneKeyAgent } from "./oneKeyAgent";
import { describeLogin, type Login } from "./remoteConnection";

/** The part of an SSH configuration that authenticates the user. */
export interface Authentication {
	readonly config: Pick<
		ConnectConfig,
		"agent" | "authHandler" | "password" | "privateKey"
	>;
	/** For error texts; names the methods, never the secret itself. */
	readonly methods: readonly string[];
}

/**
 * Replaces a leading `~/` by the home directory of the user that runs Pulumi.
 */
export function expandHome(path: string): string {
	return path.startsWith("~/") ? join(homedir(), path.slice(2)) : path;
}

function readPrivateKey(login: Login): string | undefined {
	if (login.privateKeyFile === undefined) {
		return login.privateKey;
	}
	try {
		return readFileSync(expandHome(login.privateKeyFile), "utf8");
	} catch (error) {
		const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
		throw new SshError(
			"privateKey",
			`${describeLogin(login)}: privateKeyFile ${login.privateKeyFile}: expected a readable private key, got ${code}`,
		);
	}
}

function checkPrivateKey(login: Login, text: string, source: string): void {
	const parsed = utils.parseKey(text);
	if (parsed instanceof Error) {
		throw new SshError(
			"privateKey",
			`${describeLogin(login)}: ${source}: expected an SSH private key without a passphrase; load a protected key into the SSH agent instead`,
		);
	}
}

/**
 * Decides how to log in.
 *
 * @param agentSocket the value of SSH_AUTH_SOCK.
 * @throws SshError when a named key cannot be used, or when none is named and
 *   there is no agent.
 */
export function authenticationOf(
	login: Login,
	agentSocket: string | undefined,
): Authentication {
	const privateKey = readPrivateKey(login);
	if (privateKey !== undefined) {
		const source =
			login.privateKeyFile === undefined
				? "the private key from the configuration"
				: `privateKeyFile ${login.privateKeyFile}`;
		checkPrivateKey(login, privateKey, source);
		return {
			config: { privateKey, authHandler: ["publickey"] },
			methods: [source],
		};
	}
	if (login.password !== undefined) {
		return {
			config: {
				password: login.password,
				authHandler: ["password"],
			},
			methods: ["the password from the configuration"],
		};
	}
	if (agentSocket === undefined || agentSocket === "") {
		throw new SshError(
			"noAgent",
			`${describeLogin(login)}: no SSH agent: SSH_AUTH_SOCK is not set; start an agent and ssh-add a key, or name \`privateKeyFile\` in the connection`,
		);
	}
	if (login.agentKey !== undefined) {
		return {
			config: {
				agent: new OneKeyAgent(agentSocket, login.agentKey),
				authHandler: ["agent"],
			},
			methods: ["agentKey"],
		};
	}
	return {
		config: { agent: agentSocket, authHandler: ["agent"] },
		methods: ["SSH agent"],
	};
}
