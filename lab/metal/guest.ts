/**
 * Runs commands in a machine over SSH or, without its network, through its agent.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../light/runProgram";
import { machineFiles } from "./arguments";
import { type Emulator, isRunning, within } from "./emulator";
import type { Image } from "./image";
import { openAgent } from "./jsonSocket";

/** The result of a script that the agent ran. */
export interface AgentRun {
	readonly code: number;
	/** Standard output and error. */
	readonly text: string;
}

export interface Guest {
	/** For `ssh -F`; the host's name in it is the machine's. */
	readonly sshConfig: string;
	/**
	 * Runs a shell script as root over SSH and returns its output.
	 *
	 * @throws Error when it does not exit 0, with its error output.
	 */
	ssh(script: string): Promise<string>;
	/** The same through the machine's agent: also works without a network. */
	execute(script: string): Promise<AgentRun>;
	/** Whether a login works now. */
	answers(): Promise<boolean>;
}

interface ExecStatus {
	readonly exited: boolean;
	readonly exitcode?: number;
	readonly "out-data"?: string;
	readonly "err-data"?: string;
}

function decoded(base64: string | undefined): string {
	return Buffer.from(base64 ?? "", "base64").toString();
}

async function execute(path: string, script: string): Promise<AgentRun> {
	const agent = await openAgent(path);
	try {
		const started = (await agent.call("guest-exec", {
			path: "/bin/sh",
			arg: ["-c", script],
			"capture-output": true,
		})) as { readonly pid: number };
		for (;;) {
			const status = (await agent.call("guest-exec-status", {
				pid: started.pid,
			})) as ExecStatus;
			if (status.exited) {
				const text = decoded(status["out-data"]) + decoded(status["err-data"]);
				return { code: status.exitcode ?? 255, text };
			}
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
	} finally {
		agent.close();
	}
}

function sshConfigOf(
	directory: string,
	machine: GuestAddress,
	known: string,
): string {
	const lines = [
		"HostName 127.0.0.1",
		`Port ${machine.port}`,
		"User root",
		`HostKeyAlias ${machine.name}`,
		`IdentityFile ${machine.image.clientKey}`,
		"IdentitiesOnly yes",
		"IdentityAgent none",
		`UserKnownHostsFile ${known}`,
		"GlobalKnownHostsFile none",
		"StrictHostKeyChecking yes",
		"ConnectTimeout 10",
		"ServerAliveInterval 15",
		"LogLevel ERROR",
	];
	const text = [
		`Host ${machine.name}`,
		...lines.map((line) => `  ${line}`),
		"",
	];
	const file = join(directory, "ssh_config");
	writeFileSync(file, text.join("\n"));
	return file;
}

export interface GuestAddress {
	readonly name: string;
	/** On 127.0.0.1. */
	readonly port: number;
	readonly image: Image;
}

/** Writes the SSH configuration, and returns the connection to the machine. */
export function guestOf(directory: string, machine: GuestAddress): Guest {
	const known = join(directory, "known_hosts");
	writeFileSync(known, `${machine.name} ${machine.image.hostKey}\n`);
	const sshConfig = sshConfigOf(directory, machine, known);
	const ssh = (script: string) =>
		run("ssh", ["-F", sshConfig, machine.name, script]);
	return {
		sshConfig,
		ssh,
		execute: (script) => execute(join(directory, machineFiles.agent), script),
		answers: () =>
			ssh("true").then(
				() => true,
				() => false,
			),
	};
}

/**
 * Waits until a login works.
 *
 * @throws Error that names the log to read when it does not.
 */
export async function waitForLogin(
	emulator: Emulator,
	guest: Guest,
	seconds = 600,
): Promise<void> {
	const { directory } = emulator;
	let works = false;
	const ended = await within(seconds, async () => {
		works = await guest.answers();
		return works || !isRunning(emulator);
	});
	if (!works) {
		throw new Error(
			ended
				? `expected QEMU to run the machine, it ended: ${readFileSync(join(directory, "qemu.log"), "utf8").trim()}`
				: `expected a login to work within ${seconds} s, it does not; see ${join(directory, machineFiles.console)}`,
		);
	}
}
