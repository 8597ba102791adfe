/** Simulated hosts of both families as one fleet, each with a power switch. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { hostPaths } from "../../lab/light/directory";
import { run, waitFor } from "../../lab/light/runProgram";
import {
	type SimulatedHost,
	type SimulatedLab,
	startSimulatedHosts,
} from "../../lab/light/simulatedHosts";
import { snapshotTree, type TreeSnapshot } from "../support/tree";
import { killTree } from "./killTree";

// Of this process, so that other labs on this machine are not in the way.
const firstPort = 10_000 + (process.pid % 1000) * 8;
const bootId = "proc/sys/kernel/random/boot_id";

export interface EngineHost extends SimulatedHost {
	/** A file of the host, without the whitespace at its end. */
	read(path: string): string;
	/** Its whole tree but for the lab's own files and the boot's name. */
	tree(): TreeSnapshot;
	bootId(): string;
	/** Cuts the power: sshd and all its sessions end at once. */
	halt(): void;
	/** Whether its sshd runs. */
	listens(): boolean;
	/** Starts the sshd of a halted host, without a boot. */
	start(): Promise<void>;
	/** Reboots as a person would, and waits until sshd listens again. */
	reboot(): Promise<void>;
}

export interface Fleet {
	/** Debian hosts light-1, light-2...; then, where asked for, rhel-1. */
	readonly hosts: readonly EngineHost[];
	readonly user: string;
	/** Private key that every Debian host accepts. */
	readonly privateKeyFile: string;
	/** SSH_AUTH_SOCK of an agent that can log in everywhere. */
	readonly agentSocket: string;
	stop(): Promise<void>;
}

export interface FleetOptions {
	/** Debian hosts. */
	readonly count: number;
	/** One more, an EL 9. */
	readonly rhel?: boolean;
}

function startDetached(program: string, args: readonly string[]): void {
	spawn(program, args, { detached: true, stdio: "ignore" }).unref();
}

function engineHost(
	lab: SimulatedLab,
	light: SimulatedHost,
	name: string,
): EngineHost {
	const { host, pid, config, log } = hostPaths(lab.directory, light.name);
	const read = (path: string) =>
		readFileSync(join(light.root, path), "utf8").trimEnd();
	return {
		...light,
		name,
		read,
		tree: () => snapshotTree(light.root, { except: [".lab", bootId] }),
		bootId: () => read(bootId),
		halt() {
			killTree(Number(readFileSync(pid, "utf8")));
			rmSync(pid);
		},
		listens: () => existsSync(pid),
		async start() {
			startDetached("/usr/sbin/sshd", ["-D", "-f", config, "-E", log]);
			await waitFor(`${name} to listen`, () => existsSync(pid));
		},
		async reboot() {
			const before = readFileSync(pid, "utf8");
			startDetached(join(__dirname, "../../lab/light/reboot"), [host]);
			await waitFor(
				`${name} to listen after a boot`,
				() => existsSync(pid) && readFileSync(pid, "utf8") !== before,
				90,
			);
		},
	};
}

async function addRhel(
	directory: string,
	first: SimulatedLab,
): Promise<SimulatedLab> {
	const lab = await startSimulatedHosts({
		count: 1,
		directory,
		distribution: "el-9",
		firstPort: firstPort + first.hosts.length,
	});
	await run("ssh-add", ["-q", lab.privateKeyFile], {
		...process.env,
		SSH_AUTH_SOCK: first.agentSocket,
	});
	return lab;
}

/**
 * Starts untouched hosts.
 *
 * @throws Error when one does not come to listen; none is left running.
 */
export async function startFleet(
	directory: string,
	options: FleetOptions,
): Promise<Fleet> {
	const { count } = options;
	const first = await startSimulatedHosts({
		count,
		directory: join(directory, "d"),
		firstPort,
	});
	const labs = [first];
	const stop = async () => {
		for (const lab of labs) {
			await lab.stop();
		}
	};
	try {
		if (options.rhel === true) {
			labs.push(await addRhel(join(directory, "r"), first));
		}
	} catch (error) {
		await stop();
		throw error;
	}
	const hosts = labs.flatMap((lab) =>
		lab.hosts.map((host) => {
			const name = lab === first ? host.name : "rhel-1";
			return engineHost(lab, host, name);
		}),
	);
	const { user, privateKeyFile, agentSocket } = first;
	return { hosts, user, privateKeyFile, agentSocket, stop };
}
