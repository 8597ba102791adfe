/** One test VM in a directory of its own. */
import {
	existsSync,
	mkdirSync,
	readFileSync,
	rmSync,
	truncateSync,
	writeFileSync,
} from "node:fs";
import { basename, join, resolve } from "node:path";
import { run } from "../light/runProgram";
import { machineFiles, nvmeSlot } from "./arguments";
import {
	askMonitor,
	type Emulator,
	isRunning,
	startEmulator,
	stopEmulator,
	within,
} from "./emulator";
import { freePort } from "./freePort";
import { type Guest, guestOf, waitForLogin } from "./guest";
import type { Image } from "./image";
import type { Snapshot } from "./snapshot";

/** The record in a machine's directory. */
interface Record {
	readonly name: string;
	readonly port: number;
	readonly pid: number;
	readonly accelerator: string;
	readonly image: Image;
}

export interface MetalMachine extends Guest {
	readonly name: string;
	readonly directory: string;
	/** On 127.0.0.1. */
	readonly port: number;
	/** `ssh-ed25519 BASE64`. */
	readonly hostKey: string;
	/** Logs in as root, and as metaltune, which may `sudo -n env`. */
	readonly privateKeyFile: string;
	readonly accelerator: string;
	running(): boolean;
	/** Output of the serial console since QEMU was started. */
	console(): string;
	bootId(): Promise<string>;
	/**
	 * Waits for a login in another boot than `bootId`, and returns its id.
	 *
	 * @throws Error when there is none.
	 */
	nextBoot(bootId: string): Promise<string>;
	/** Power-cycles the machine: data that was not on disk is lost. */
	reset(): Promise<void>;
	/** Ends all its processes. */
	stop(): Promise<void>;
}

const recordFile = "machine.json";
const bootIdFile = "/proc/sys/kernel/random/boot_id";

function machineOf(directory: string, record: Record): MetalMachine {
	const emulator: Emulator = { pid: record.pid, directory };
	const guest = guestOf(directory, record);
	const bootId = async () => (await guest.ssh(`cat ${bootIdFile}`)).trim();
	return {
		...guest,
		name: record.name,
		directory,
		port: record.port,
		hostKey: record.image.hostKey,
		privateKeyFile: record.image.clientKey,
		accelerator: record.accelerator,
		running: () => isRunning(emulator),
		console: () => readFileSync(join(directory, machineFiles.console), "utf8"),
		bootId,
		async nextBoot(before) {
			const ended = await within(600, async () => {
				const now = await bootId().catch(() => before);
				return now !== before;
			});
			if (!ended) {
				throw new Error(
					`${record.name}: expected another boot, found none; see ${join(directory, machineFiles.console)}`,
				);
			}
			return bootId();
		},
		reset: async () => {
			await askMonitor(emulator, (monitor) => monitor.call("system_reset"));
		},
		stop: () => stopEmulator(emulator),
	};
}

// An NVMe disk cannot be part of a snapshot, so it is added afterwards.
async function plugNvme(emulator: Emulator): Promise<void> {
	const file = join(emulator.directory, machineFiles.nvme);
	writeFileSync(file, "");
	truncateSync(file, 64 * 2 ** 20);
	await askMonitor(emulator, async (monitor) => {
		await monitor.call("blockdev-add", {
			driver: "raw",
			"node-name": "nvme",
			cache: { "no-flush": true },
			file: { driver: "file", filename: machineFiles.nvme },
		});
		await monitor.call("device_add", {
			driver: "nvme",
			id: "nvme",
			bus: nvmeSlot,
			drive: "nvme",
			serial: "metal",
		});
	});
}

async function goOn(emulator: Emulator): Promise<void> {
	await askMonitor(emulator, async (monitor) => {
		await within(120, async () => {
			const answer = await monitor.call("query-status");
			return (answer as { readonly status: string }).status !== "inmigrate";
		});
		await monitor.call("cont");
	});
}

/**
 * Starts a machine from the snapshot, in a directory that is created anew and has
 * the machine's name.
 *
 * @throws Error when QEMU ends or no login works.
 */
export async function startMachine(
	snapshot: Snapshot,
	options: { readonly directory: string; readonly outlives?: boolean },
): Promise<MetalMachine> {
	const directory = resolve(options.directory);
	await stopMachine(directory);
	rmSync(directory, { recursive: true, force: true });
	mkdirSync(directory, { recursive: true });
	const disk = join(directory, "disk.qcow2");
	await run("qemu-img", [
		...["create", "-q", "-f", "qcow2", "-F", "qcow2"],
		...["-b", snapshot.disk, disk],
	]);
	const { accelerator, image, state } = snapshot;
	const port = await freePort();
	const emulator = await startEmulator({
		accelerator,
		disk,
		directory,
		sshPort: port,
		state,
		outlives: options.outlives === true,
	});
	const name = basename(directory);
	const record = { name, port, pid: emulator.pid, accelerator, image };
	writeFileSync(join(directory, recordFile), JSON.stringify(record));
	const machine = machineOf(directory, record);
	try {
		await goOn(emulator);
		await plugNvme(emulator);
		await waitForLogin(emulator, machine);
		// The clock continued from the snapshot's time.
		await machine.ssh(
			`date -s @${Math.round(Date.now() / 1000)} >/dev/null; until test -e /dev/nvme0n1; do sleep 0.2; done`,
		);
		return machine;
	} catch (error) {
		await machine.stop();
		throw error;
	}
}

/** The machine that was started in this directory, if any. */
export function machineIn(directory: string): MetalMachine | undefined {
	const file = join(resolve(directory), recordFile);
	return existsSync(file)
		? machineOf(resolve(directory), JSON.parse(readFileSync(file, "utf8")))
		: undefined;
}

/** Ends this directory's machine, also after a crash; a missing one is no error. */
export async function stopMachine(directory: string): Promise<void> {
	await machineIn(directory)?.stop();
}
