/**
 * `tsx lab/light/main.ts up --count 3 --directory DIR`, `down` and `list`:
 * light hosts that outlive the command, for a person or bin/quickstart.
 */
import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { hostNames, hostPaths, labPaths } from "./directory";
import { startLightHosts, stopLightHosts } from "./hosts";
import { run } from "./run";

function wholeNumber(text: string): number {
	if (!/^[1-9][0-9]*$/.test(text)) {
		throw new InvalidArgumentError(`expected a whole number, got ${text}`);
	}
	return Number(text);
}

async function list(directory: string): Promise<void> {
	const { clientKey, agentSocket } = labPaths(directory);
	for (const name of hostNames(directory)) {
		const paths = hostPaths(directory, name);
		const config = readFileSync(paths.config, "utf8");
		const port = /^Port (\d+)$/m.exec(config)?.[1];
		const state = await run("pgrep", ["-F", paths.pid]).then(
			() => "listening",
			() => "off",
		);
		console.log(`${name}  127.0.0.1:${port}  ${state}  ${paths.tree}`);
	}
	console.log(`
Log in by hand:
  ssh -i ${clientKey} -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -p PORT ${userInfo().username}@127.0.0.1
Agent with the key:
  export SSH_AUTH_SOCK=${agentSocket}`);
}

const program = new Command("light").description(
	"Pretended hosts on 127.0.0.1: real sshd, fake kernel.",
);
const directoryOption = ["--directory <path>", "where the lab lives"] as const;
program
	.command("up")
	.requiredOption(...directoryOption)
	.option("--count <number>", "how many hosts", wholeNumber, 3)
	.option("--first-port <port>", "port of light-1", wholeNumber, 22100)
	.option("--rhel", "boot entries and grubby instead of grub.cfg")
	.action(async (options) => {
		await startLightHosts({
			count: options.count,
			directory: options.directory,
			family: options.rhel === true ? "rhel" : "debian",
			firstPort: options.firstPort,
			keepRunning: true,
		});
		await list(resolve(options.directory));
	});
program
	.command("down")
	.requiredOption(...directoryOption)
	.action(async (options) => {
		await stopLightHosts(options.directory);
		console.log(`stopped; trees and keys stay in ${options.directory}`);
	});
program
	.command("list")
	.requiredOption(...directoryOption)
	.action(async (options) => list(resolve(options.directory)));

program.parseAsync().catch((error: Error) => {
	console.error(error.message);
	process.exitCode = 1;
});
