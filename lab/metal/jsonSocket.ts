/**
 * QEMU's monitor and the machine's agent: a line of JSON each way, over a socket
 * that serves one client at a time.
 */
import { createConnection, type Socket } from "node:net";
import { createInterface } from "node:readline";

/** A request, and the answer that `call` returns. */
export interface JsonSocket {
	/**
	 * Sends a command and waits for its answer; events are skipped.
	 *
	 * @throws Error with the other side's message when it refuses, or does not
	 *   answer within `seconds`.
	 */
	call(command: string, args?: object, seconds?: number): Promise<unknown>;
	close(): void;
}

interface Answer {
	readonly return?: unknown;
	readonly error?: { readonly desc?: string };
}

interface Waiting {
	readonly resolve: (value: unknown) => void;
	readonly reject: (error: Error) => void;
	/** Whether this is the expected answer. */
	readonly accepts: (answer: Answer) => boolean;
}

function connect(path: string): Promise<Socket> {
	return new Promise((resolve, reject) => {
		const socket = createConnection(path);
		socket.once("connect", () => resolve(socket));
		socket.once("error", reject);
	});
}

async function open(path: string) {
	const socket = await connect(path);
	let waiting: Waiting | undefined;
	const end = (error: Error) => waiting?.reject(error);
	socket.on("error", end);
	socket.on("close", () =>
		end(new Error(`${path}: expected an answer, the other side closed`)),
	);
	createInterface({ input: socket }).on("line", (line) => {
		// The agent sends this byte before an answer that starts a conversation.
		const answer = JSON.parse(line.replace("\u00ff", "")) as Answer;
		if (!("return" in answer) && !("error" in answer)) return;
		if (waiting?.accepts(answer) !== true) return;
		if (answer.error !== undefined) {
			waiting.reject(new Error(`${path}: ${answer.error.desc}`));
		} else {
			waiting.resolve(answer.return);
		}
	});
	const send = (
		message: object,
		accepts: Waiting["accepts"],
		seconds: number,
	): Promise<unknown> =>
		new Promise((resolve, reject) => {
			const timer = setTimeout(
				() => reject(new Error(`${path}: no answer within ${seconds} s`)),
				seconds * 1000,
			);
			const settle = <Value>(done: (value: Value) => void) => {
				return (value: Value) => {
					clearTimeout(timer);
					waiting = undefined;
					done(value);
				};
			};
			waiting = { resolve: settle(resolve), reject: settle(reject), accepts };
			socket.write(`${JSON.stringify(message)}\n`);
		});
	return { send, close: () => socket.destroy() };
}

const anyAnswer = () => true;

async function openJsonSocket(
	path: string,
	greet: (opened: Awaited<ReturnType<typeof open>>) => Promise<unknown>,
): Promise<JsonSocket> {
	const opened = await open(path);
	try {
		await greet(opened);
	} catch (error) {
		opened.close();
		throw error;
	}
	return {
		call: (command, args, seconds = 30) =>
			opened.send({ execute: command, arguments: args }, anyAnswer, seconds),
		close: opened.close,
	};
}

/** Connects to QEMU's monitor (docs/interop/qmp-spec.rst). */
export function openMonitor(path: string): Promise<JsonSocket> {
	return openJsonSocket(path, ({ send }) =>
		send({ execute: "qmp_capabilities" }, anyAnswer, 30),
	);
}

/**
 * Connects to the machine's agent; skips answers to earlier clients
 * (docs/interop/qemu-ga.rst).
 */
export function openAgent(path: string): Promise<JsonSocket> {
	const id = Math.floor(Math.random() * 2 ** 31);
	return openJsonSocket(path, ({ send }) =>
		send(
			{ execute: "guest-sync", arguments: { id } },
			(answer) => answer.return === id,
			10,
		),
	);
}
