/** The QEMU process of a machine: start, requests and end. */
import { spawn } from "node:child_process";
import { existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
	type MachineArguments,
	machineArguments,
	machineFiles,
} from "./arguments";
import { type JsonSocket, openMonitor } from "./jsonSocket";

export interface Emulator {
	readonly pid: number;
	/** The directory of the machine's files. */
	readonly directory: string;
}

export interface EmulatorOptions extends MachineArguments {
	readonly directory: string;
	/** The machine outlives this process; by default it ends with it. */
	readonly outlives?: boolean;
}

/** Polls until `holds`, and returns whether it did in time. */
export async function within(
	seconds: number,
	holds: () => boolean | Promise<boolean>,
): Promise<boolean> {
	const end = Date.now() + seconds * 1000;
	while (!(await holds())) {
		if (Date.now() > end) {
			return false;
		}
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
	return true;
}

/** Whether the process runs, and its PID is not that of another one. */
export function isRunning({ pid, directory }: Emulator): boolean {
	const file = `/proc/${pid}/cmdline`;
	return existsSync(file) && readFileSync(file, "utf8").includes(directory);
}

/**
 * Starts QEMU and returns once its monitor accepts requests.
 *
 * @throws Error with QEMU's output when it ended instead.
 */
export async function startEmulator(
	options: EmulatorOptions,
): Promise<Emulator> {
	const { directory } = options;
	const monitor = join(directory, machineFiles.monitor);
	// The kernel limits the length of a socket's path.
	if (monitor.length > 107) {
		throw new Error(
			`${directory}: expected a path of at most 90 characters, as sockets go into it, got ${directory.length}; use a shorter one`,
		);
	}
	rmSync(monitor, { force: true });
	const log = join(directory, "qemu.log");
	const output = openSync(log, "w");
	const ending = options.outlives === true ? [] : ["--pdeathsig", "KILL"];
	const child = spawn(
		"setpriv",
		[...ending, "--", "qemu-system-x86_64", ...machineArguments(options)],
		{ cwd: directory, detached: true, stdio: ["ignore", output, output] },
	);
	const { pid } = child;
	child.unref();
	const up = await within(
		20,
		() => existsSync(monitor) || child.exitCode !== null,
	);
	if (pid === undefined || !up || child.exitCode !== null) {
		throw new Error(
			`QEMU: expected it to start the machine, it ended with ${child.exitCode}: ${readFileSync(log, "utf8").trim()}`,
		);
	}
	return { pid, directory };
}

/** Sends a request to QEMU's monitor, over a connection of its own. */
export async function askMonitor<Result>(
	{ directory }: Emulator,
	ask: (monitor: JsonSocket) => Promise<Result>,
): Promise<Result> {
	const monitor = await openMonitor(join(directory, machineFiles.monitor));
	try {
		return await ask(monitor);
	} finally {
		monitor.close();
	}
}

/** Ends QEMU, cleanly if possible; a missing process is no error. */
export async function stopEmulator(emulator: Emulator): Promise<void> {
	if (!isRunning(emulator)) {
		return;
	}
	await askMonitor(emulator, (monitor) => monitor.call("quit")).catch(() => {});
	if (!(await within(20, () => !isRunning(emulator)))) {
		process.kill(emulator.pid, "SIGKILL");
	}
}
