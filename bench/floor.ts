/**
 * The minimum cost of a drift check. Plain OpenSSH runs metaltune's own probe
 * with the same settings, with one `ssh` per host and nothing else.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sections } from "../applications/sections";
import { parseReport, settingsStream } from "../host/protocol";
import { callProgram } from "../host/shell";
import { loadInventory } from "../inventory/load";
import type { BenchFleet } from "./benchFleet";
import { type Measured, measure } from "./measure";

export interface Floor {
	/** @throws Error when a host does not answer with a complete report. */
	run(): Promise<Measured>;
}

function sshConfig(fleet: BenchFleet, knownHosts: string): string {
	const { lab } = fleet;
	const hosts = lab.hosts.map(
		({ name, port }) => `Host ${name}\n  Port ${port}\n`,
	);
	return `${hosts.join("")}Host *
  HostName 127.0.0.1
  User ${lab.user}
  BatchMode yes
  IdentityAgent ${lab.agentSocket}
  StrictHostKeyChecking yes
  UserKnownHostsFile ${knownHosts}
`;
}

/** Prepares the floor; needs converged hosts. */
export function floorOf(options: {
	readonly directory: string;
	readonly fleet: BenchFleet;
	/** How many `ssh` run at once. */
	readonly parallel: number;
	readonly env: NodeJS.ProcessEnv;
	readonly signal: AbortSignal;
}): Floor {
	const { fleet, parallel, env, signal } = options;
	const directory = join(options.directory, "floor");
	mkdirSync(directory);
	const put = (name: string, text: string) => {
		const path = join(directory, name);
		writeFileSync(path, text);
		return path;
	};
	const { hosts } = fleet.lab;
	const knownHosts = put(
		"known_hosts",
		hosts.map((h) => `[127.0.0.1]:${h.port} ${h.hostKey}\n`).join(""),
	);
	put("ssh_config", sshConfig(fleet, knownHosts));
	put("names", hosts.map(({ name }) => `${name}\n`).join(""));
	const specs = loadInventory(fleet.inventory, sections);
	for (const { name, settings } of specs) {
		put(`${name}.settings`, settingsStream(settings));
	}
	const one = 'exec ssh -F ssh_config "$1" "$0" <"$1.settings" >"$1.report"';
	return {
		async run() {
			const measured = await measure({
				script: 'exec xargs -n 1 -P "$0" sh -c "$1" "$2" <names',
				args: [String(parallel), one, callProgram("probe", false)],
				cwd: directory,
				env,
				signal,
			});
			for (const { name, settings } of specs) {
				const report = readFileSync(join(directory, `${name}.report`), "utf8");
				parseReport(report, settings);
			}
			return measured;
		},
	};
}
