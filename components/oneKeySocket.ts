/**
 * An agent's socket for the command provider, which takes a socket but no choice
 * of a key. The program serves it while it runs; nothing logs in later.
 */
import { createHash } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import {
	type AgentInboundRequest,
	AgentProtocol,
	type ParsedKey,
	type SigningRequestOptions,
} from "ssh2";
import { OneKeyAgent } from "../ssh/oneKeyAgent";

const directory = join(".metaltune", "agent");
const served = new Set<string>();

function answer(connection: Socket, agent: OneKeyAgent): void {
	const protocol = new AgentProtocol(false);
	protocol.on("identities", (request: AgentInboundRequest) =>
		agent.getIdentities((error, keys) =>
			error || keys === undefined
				? protocol.failureReply(request)
				: protocol.getIdentitiesReply(request, keys as ParsedKey[]),
		),
	);
	protocol.on(
		"sign",
		(
			request: AgentInboundRequest,
			key: ParsedKey,
			data: Buffer,
			options: SigningRequestOptions,
		) =>
			agent.sign(key, data, options, (error, signature) =>
				error || signature === undefined
					? protocol.failureReply(request)
					: protocol.signReply(request, signature),
			),
	);
	connection.on("error", () => connection.destroy());
	connection.pipe(protocol).pipe(connection);
}

function serve(path: string, publicKey: string): void {
	mkdirSync(directory, { recursive: true, mode: 0o700 });
	// Left by a program that was killed; the stack is locked by this one.
	rmSync(path, { force: true });
	const socket = process.env.SSH_AUTH_SOCK ?? "";
	const server = createServer((connection) =>
		answer(connection, new OneKeyAgent(socket, publicKey)),
	);
	// The program ends when its resources are done.
	server.listen(path).unref();
	process.once("exit", () => rmSync(path, { force: true }));
}

/**
 * Serves one key of the SSH agent of this process.
 *
 * @param publicKey `TYPE BASE64`.
 * @returns the socket's path. It is relative to the project, where the engine
 *   starts plugins, so that it is the same on every machine. A preview serves
 *   nothing.
 */
export function oneKeySocket(publicKey: string): string {
	const name = createHash("sha256")
		.update(`${pulumi.getStack()} ${publicKey}`)
		.digest("hex");
	const path = join(directory, name.slice(0, 16));
	if (!pulumi.runtime.isDryRun() && !served.has(path)) {
		served.add(path);
		serve(path, publicKey);
	}
	return path;
}
