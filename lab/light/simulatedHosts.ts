/**
 * Simulated hosts: many machines on 127.0.0.1, each a real sshd whose
 * sessions see a private tree as `$ROOT` and fake commands first on PATH.
 */
import { spawn } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { availableParallelism, userInfo } from "node:os";
import { join, resolve } from "node:path";
import {
	hostNames,
	hostPaths,
	labPaths,
	prepareHost,
	prepareLab,
	readHostKey,
} from "./directory";
import { mapLimited, run, waitFor } from "./runProgram";
import type { Distribution } from "./tree/distributions";

const sshd = "/usr/sbin/sshd";
const atOnce = availableParallelism() * 4;

export interface SimulatedHost {
	readonly name: string;
	readonly port: number;
	/** `ssh-ed25519 BASE64`. */
	readonly hostKey: string;
	/** The host's file system, `$ROOT` of its sessions. */
	readonly root: string;
	readonly logFile: string;
	/** How many logins sshd has accepted so far. */
	connections(): number;
	/** How many reboots the host has been ordered to do. */
	reboots(): number;
}

export interface SimulatedLab {
	readonly directory: string;
	readonly hosts: readonly SimulatedHost[];
	/** The user that logs in: the one that started the lab. */
	readonly user: string;
	/** Private key that every host accepts. */
	readonly privateKeyFile: string;
	/** SSH_AUTH_SOCK of an agent that holds the key. */
	readonly agentSocket: string;
	/** Ends all processes; trees, keys and logs stay in `directory`. */
	stop(): Promise<void>;
}

export interface SimulatedLabOptions {
	readonly count: number;
	/**
	 * Created when absent; a stopped lab in it is started with its previous state.
	 */
	readonly directory: string;
	readonly distribution?: Distribution;
	/** Hosts listen on this port and those after it. */
	readonly firstPort?: number;
	/** The hosts outlive this process, until `stopSimulatedHosts`. */
	readonly keepRunning?: boolean;
}

/**
 * Starts `count` hosts named light-1, light-2 and so on.
 *
 * @throws Error when an sshd does not start to listen, with the end of its log; the
 *   started hosts are stopped again.
 */
export async function startSimulatedHosts(
	options: SimulatedLabOptions,
): Promise<SimulatedLab> {
	const directory = resolve(options.directory);
	const distribution = options.distribution ?? "debian-12";
	await stopSimulatedHosts(directory);
	await prepareLab(directory, distribution);
	if (process.getuid?.() === 0) {
		// sshd's privilege separation directory, which a service normally creates.
		mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
	}
	const plan = Array.from({ length: options.count }, (_, index) => ({
		name: `light-${index + 1}`,
		port: (options.firstPort ?? 22100) + index,
	}));
	const forget = options.keepRunning === true ? () => {} : onSignal(directory);
	const stop = async (): Promise<void> => {
		forget();
		await stopSimulatedHosts(directory);
	};
	try {
		const hosts = await mapLimited(plan, atOnce, async (host) => {
			await prepareHost(directory, distribution, host);
			await startSshd(directory, host.name);
			return simulatedHost(directory, host);
		});
		await startAgent(directory);
		const { clientKey, agentSocket } = labPaths(directory);
		const user = userInfo().username;
		return {
			directory,
			hosts,
			user,
			privateKeyFile: clientKey,
			agentSocket,
			stop,
		};
	} catch (error) {
		await stop();
		throw error;
	}
}

/**
 * Stops a lab by its PID files, even if its owner crashed. A process that does not
 * match its file is not ended; a missing lab is no error.
 */
export async function stopSimulatedHosts(directory: string): Promise<void> {
	const lab = resolve(directory);
	const halt = join(__dirname, "halt");
	await mapLimited(hostNames(lab), atOnce, (name) =>
		run(halt, [hostPaths(lab, name).host]),
	);
	stopAgent(lab);
}

async function startSshd(directory: string, name: string): Promise<void> {
	const paths = hostPaths(directory, name);
	rmSync(paths.off, { force: true });
	const child = spawn(sshd, ["-D", "-f", paths.config, "-E", paths.log], {
		detached: true,
		stdio: "ignore",
	});
	const failed = new Promise<never>((_, reject) => {
		child.once("error", reject);
		child.once("exit", (code) => {
			const log = readOrEmpty(paths.log).trim().split("\n").at(-1);
			reject(
				new Error(
					`${name}: expected sshd to listen, it ended with ${code}: ${log}`,
				),
			);
		});
	});
	child.unref();
	// sshd writes the file once it listens.
	await Promise.race([
		waitFor(`${name} to listen`, () => existsSync(paths.pid)),
		failed,
	]);
	failed.catch(() => {});
}

/** A host of a lab, running or not. */
export function simulatedHost(
	directory: string,
	host: { readonly name: string; readonly port: number },
): SimulatedHost {
	const paths = hostPaths(directory, host.name);
	return {
		...host,
		hostKey: readHostKey(directory, host.name),
		root: paths.tree,
		logFile: paths.log,
		connections: () =>
			[...readOrEmpty(paths.log).matchAll(/^Accepted publickey for /gm)].length,
		reboots: () => Number(readOrEmpty(join(paths.tree, ".lab/reboots"))),
	};
}

function readOrEmpty(file: string): string {
	return existsSync(file) ? readFileSync(file, "utf8") : "";
}

async function startAgent(directory: string): Promise<void> {
	const paths = labPaths(directory);
	// The kernel limits the length of a socket's path, but not of sshd's files.
	if (paths.agentSocket.length > 100) {
		throw new Error(
			`${directory}: expected a path of at most 89 characters, as a socket goes into it, got ${directory.length}; use a shorter one`,
		);
	}
	rmSync(paths.agentSocket, { force: true });
	const agent = spawn("ssh-agent", ["-D", "-a", paths.agentSocket], {
		detached: true,
		stdio: "ignore",
	});
	agent.unref();
	writeFileSync(paths.agentPid, `${agent.pid}\n`);
	await waitFor("the SSH agent to listen", () => existsSync(paths.agentSocket));
	await run("ssh-add", ["-q", paths.clientKey], {
		...process.env,
		SSH_AUTH_SOCK: paths.agentSocket,
	});
}

function stopAgent(directory: string): void {
	const paths = labPaths(directory);
	const pid = Number(readOrEmpty(paths.agentPid));
	const commandLine = pid > 0 ? readOrEmpty(`/proc/${pid}/cmdline`) : "";
	if (commandLine.split("\0").includes(paths.agentSocket)) {
		process.kill(pid);
	}
	rmSync(paths.agentPid, { force: true });
	rmSync(paths.agentSocket, { force: true });
}

/** Stops the lab when a signal ends this process, then lets it end. */
function onSignal(directory: string): () => void {
	const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
	const handle = (signal: NodeJS.Signals): void => {
		forget();
		stopSimulatedHosts(directory).finally(() =>
			process.kill(process.pid, signal),
		);
	};
	const forget = (): void => {
		for (const signal of signals) {
			process.off(signal, handle);
		}
	};
	for (const signal of signals) {
		process.on(signal, handle);
	}
	return forget;
}
