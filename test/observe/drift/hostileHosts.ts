/**
 * Simulated hosts whose sessions run what a test says instead of what was asked
 * for: real sshd, hostile everything behind it.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hostPaths } from "../../../lab/light/directory";
import { waitFor } from "../../../lab/light/runProgram";
import {
	type SimulatedLab,
	startSimulatedHosts,
} from "../../../lab/light/simulatedHosts";

/** What a session of a host that behaves does. */
export const asAsked = 'exec sh -c "$SSH_ORIGINAL_COMMAND"';

export interface HostileLab extends SimulatedLab {
	/** From now on every session of the host runs this sh script. */
	answer(host: string, script: string): void;
}

/** Makes every session of a host, which listens, run the script `session`. */
export async function forceCommand(
	directory: string,
	name: string,
): Promise<void> {
	const { config, host, log, pid } = hostPaths(directory, name);
	const text = readFileSync(config, "utf8");
	writeFileSync(config, `${text}ForceCommand sh '${join(host, "session")}'\n`);
	process.kill(Number(readFileSync(pid, "utf8")), "SIGHUP");
	await waitFor(`${name} to listen with its new configuration`, () => {
		const listened = readFileSync(log, "utf8").match(/Server listening/g);
		return existsSync(pid) && (listened?.length ?? 0) > 1;
	});
}

/** From now on every session of the host runs this sh script. */
export function answerWith(directory: string, name: string, script: string) {
	const { host } = hostPaths(directory, name);
	writeFileSync(join(host, "session"), `${script}\n`);
}

/** Starts hosts that behave until they are told otherwise. */
export async function startHostileHosts(
	directory: string,
	count: number,
): Promise<HostileLab> {
	const lab = await startSimulatedHosts({
		count,
		directory,
		// Of this process, so that other labs on this machine are not in the way.
		firstPort: 20_000 + (process.pid % 1000) * 4,
	});
	const answer = (name: string, script: string) =>
		answerWith(lab.directory, name, script);
	try {
		for (const { name } of lab.hosts) {
			answer(name, asAsked);
			await forceCommand(lab.directory, name);
		}
	} catch (error) {
		await lab.stop();
		throw error;
	}
	return { ...lab, answer };
}
