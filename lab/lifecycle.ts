/** Starts, stops and builds the machines of a lab, and logs in to them. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { suggestion } from "../model/nearest";
import { labDirectories, labHosts, writeLabFiles } from "./labs";
import {
	startSimulatedHosts,
	stopSimulatedHosts,
} from "./light/simulatedHosts";
import { startMachine, stopMachine } from "./metal/metalMachine";
import type { Edition } from "./metal/releases";
import { whyNoMetal } from "./metal/requirements";
import { bootSnapshot } from "./metal/snapshot";

/** Where a lab's machines are. */
export interface LabPlace {
	readonly directory: string;
}

export interface NewMachines extends LabPlace, Edition {
	readonly light?: true;
	readonly count: number;
	readonly firstPort: number;
}

const started = Date.now();

/** Tells the operator about a slow step. */
export function progress(text: string): void {
	const seconds = Math.round((Date.now() - started) / 1000);
	console.error(`lab: ${text} (${seconds} s)`);
}

/** Whether the hosts must be simulated, and why. */
function mustBeLight({ light }: NewMachines): boolean {
	if (light === true) return true;
	const reason = whyNoMetal();
	if (reason === undefined) return false;
	console.error(
		`lab: the test VM cannot run here: ${reason}; starting simulated hosts instead`,
	);
	return true;
}

async function upMetal({
	directory,
	count,
	release,
	kernel,
}: NewMachines): Promise<void> {
	const snapshot = await bootSnapshot({ release, kernel }, progress);
	for (let index = 1; index <= count; index++) {
		const name = `metal-${index}`;
		progress(`${name}: starting`);
		await startMachine(snapshot, {
			directory: join(labDirectories(directory).metal, name),
			outlives: true,
		});
	}
}

async function upLight(options: NewMachines): Promise<void> {
	await startSimulatedHosts({
		count: options.count,
		directory: labDirectories(options.directory).light,
		firstPort: options.firstPort,
		keepRunning: true,
	});
}

/** Starts machines, and writes their inventory and ssh_config. */
export async function startLab(options: NewMachines): Promise<void> {
	await (mustBeLight(options) ? upLight(options) : upMetal(options));
	writeLabFiles(options.directory);
}

/**
 * Builds the test VM's disk, and boots it once.
 *
 * @throws Error when it cannot run on this machine.
 */
export async function buildTestVm(edition: Edition) {
	const reason = whyNoMetal();
	if (reason !== undefined) {
		throw new Error(`the test VM cannot run here: ${reason}`);
	}
	const { image, disk, accelerator } = await bootSnapshot(edition, progress);
	return { accelerator, image: image.disk, snapshot: disk };
}

/** Stops all machines of a lab. @returns the names of those that ran. */
export async function stopLab({
	directory,
}: LabPlace): Promise<readonly string[]> {
	const { metal, light } = labDirectories(directory);
	const running = labHosts(directory).filter((host) => host.running);
	for (const { name } of running.filter(({ kind }) => kind === "metal")) {
		await stopMachine(join(metal, name));
	}
	await stopSimulatedHosts(light);
	return running.map(({ name }) => name);
}

/**
 * Connects the terminal to a shell, or to a command, on a machine.
 *
 * @returns its exit code.
 * @throws Error when the lab has no such machine.
 */
export function loginTo(
	name: string,
	command: readonly string[],
	{ directory }: LabPlace,
): number {
	const names = labHosts(directory).map((host) => host.name);
	if (!names.includes(name)) {
		throw new Error(
			`expected a machine of the lab, got ${JSON.stringify(name)}${suggestion(name, names) || `; there ${names.length === 0 ? "is none, run metaltune lab up" : `are ${names.join(", ")}`}`}`,
		);
	}
	const { sshConfig } = labDirectories(directory);
	const done = spawnSync("ssh", ["-F", sshConfig, name, ...command], {
		stdio: "inherit",
	});
	return done.status ?? 255;
}
