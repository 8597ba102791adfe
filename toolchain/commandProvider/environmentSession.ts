/**
 * A session that waits for the server's answer to each variable. `exec` of ssh2
 * does not request an answer: a refusal would be unnoticed, and the command
 * would run without its variables. So this file uses internal parts of ssh2.
 */
import type { Client, ClientChannel } from "ssh2";

// ssh2 uses this window size for every channel that it opens.
const windowBytes = 2 * 1024 * 1024;
const packetBytes = 32 * 1024;

type Answer = (refused: boolean | Error) => void;

type Channel = ClientChannel & {
	readonly outgoing: { readonly id: number };
	readonly _callbacks: Answer[];
};

interface ClientParts {
	readonly _chanMgr: {
		add(opened: (error: Error | undefined, channel: Channel) => void): number;
	};
	readonly _protocol: {
		session(channel: number, window: number, packet: number): void;
		env(channel: number, name: string, value: string, reply: boolean): void;
		exec(channel: number, command: string, reply: boolean): void;
	};
}

/** A session before its command; it can run one. */
export interface Session {
	/** Resolves to whether the server accepted the variable. */
	setVariable(name: string, value: string): Promise<boolean>;
	start(command: string): Promise<ClientChannel>;
}

/**
 * Opens a session on a logged-in client.
 *
 * @throws Error when the server refuses it.
 */
export async function openSession(client: Client): Promise<Session> {
	const { _chanMgr, _protocol } = client as unknown as ClientParts;
	const channel = await new Promise<Channel>((resolve, reject) => {
		client.once("close", () => reject(new Error("connection lost")));
		const id = _chanMgr.add((error, opened) =>
			error === undefined ? resolve(opened) : reject(error),
		);
		_protocol.session(id, windowBytes, packetBytes);
	});
	const answered = (send: () => void) =>
		new Promise<boolean>((resolve, reject) => {
			client.once("close", () => reject(new Error("connection lost")));
			channel._callbacks.push((refused) => resolve(refused === false));
			send();
		});
	const { id } = channel.outgoing;
	return {
		setVariable: (name, value) =>
			answered(() => _protocol.env(id, name, value, true)),
		start: async (command) => {
			if (!(await answered(() => _protocol.exec(id, command, true)))) {
				throw new Error("the SSH server refused to run a command");
			}
			return Object.assign(channel, { subtype: "exec", allowHalfOpen: true });
		},
	};
}
