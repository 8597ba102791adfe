/** `metaltune lab`: machines of one's own to try metaltune on. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Command } from "commander";
import {
	type LabHost,
	labDirectories,
	labHosts,
	writeLabFiles,
} from "../../lab/labs";
import { startLightHosts, stopLightHosts } from "../../lab/light/hosts";
import { startMachine, stopMachine } from "../../lab/metal/machine";
import { whyNoMetal } from "../../lab/metal/requirements";
import { bootSnapshot } from "../../lab/metal/snapshot";
import { suggestion } from "../../model/nearest";
import { printableJson } from "../../reports/json";
import { table } from "../../reports/table";
import { wholeNumber } from "../options";

interface Options {
	readonly directory: string;
	readonly light?: true;
	readonly count: number;
	readonly firstPort: number;
	readonly json?: true;
}

const started = Date.now();

function progress(text: string): void {
	const seconds = Math.round((Date.now() - started) / 1000);
	console.error(`lab: ${text} (${seconds} s)`);
}

function hostsText(hosts: readonly LabHost[]): string {
	return table(
		["machine", "kind", "ssh", "state"],
		hosts.map(({ name, kind, port, running }) => [
			name,
			kind,
			`127.0.0.1:${port}`,
			running ? "running" : "off",
		]),
	);
}

function list({ directory, json }: Options): void {
	const hosts = labHosts(directory);
	console.log(json === true ? printableJson(hosts) : hostsText(hosts));
}

/** Whether the hosts must be light ones, with a word on why. */
function mustBeLight(options: Options): boolean {
	if (options.light === true) return true;
	const reason = whyNoMetal();
	if (reason === undefined) return false;
	console.error(
		`lab: the virtual bare metal cannot run here: ${reason}; light hosts instead, which pretend to have a kernel`,
	);
	return true;
}

async function upMetal({ directory, count }: Options): Promise<void> {
	const snapshot = await bootSnapshot(progress);
	for (let index = 1; index <= count; index++) {
		const name = `metal-${index}`;
		progress(`${name}: starting`);
		await startMachine(snapshot, {
			directory: join(labDirectories(directory).metal, name),
			outlives: true,
		});
	}
}

async function upLight(options: Options): Promise<void> {
	await startLightHosts({
		count: options.count,
		directory: labDirectories(options.directory).light,
		firstPort: options.firstPort,
		keepRunning: true,
	});
}

async function up(options: Options): Promise<void> {
	await (mustBeLight(options) ? upLight(options) : upMetal(options));
	writeLabFiles(options.directory);
	list(options);
	if (options.json === true) return;
	const { inventory, sshConfig } = labDirectories(options.directory);
	const name = labHosts(options.directory)[0]?.name;
	console.log(`
Log in:     bin/metaltune lab ssh ${name}, or ssh -F ${sshConfig} ${name}
Tune them:  pulumi config set metaltune:hosts ${inventory} && pulumi up
Change:     ${inventory}/profiles/`);
}

async function build(options: Options): Promise<void> {
	const reason = whyNoMetal();
	if (reason !== undefined) {
		throw new Error(`the virtual bare metal cannot run here: ${reason}`);
	}
	const { image, disk, accelerator } = await bootSnapshot(progress);
	const made = { accelerator, image: image.disk, snapshot: disk };
	if (options.json === true) {
		console.log(printableJson(made));
	} else {
		progress(`ready, under ${accelerator}`);
	}
}

async function down({ directory }: Options): Promise<void> {
	const { metal, light } = labDirectories(directory);
	const running = labHosts(directory).filter((host) => host.running);
	for (const { name } of running.filter(({ kind }) => kind === "metal")) {
		await stopMachine(join(metal, name));
	}
	await stopLightHosts(light);
	console.log(
		running.length === 0
			? "nothing was running"
			: `stopped: ${running.map(({ name }) => name).join(", ")}`,
	);
}

function ssh(
	name: string,
	command: readonly string[],
	{ directory }: Options,
): void {
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
	process.exitCode = done.status ?? 255;
}

/** Adds the command to `program`. */
export function addLab(program: Command): void {
	const lab = program
		.command("lab")
		.summary("machines to try things on: virtual bare metal, or light hosts")
		.description(
			"Virtual bare metal is a QEMU machine with a kernel, GRUB, NUMA nodes and NICs of its\nown; light hosts pretend to have a kernel and start in seconds. See docs/lab.md.\nExit code: 0, or 1 when it could not be done; of ssh that of the command.",
		);
	const where = [
		"--directory <path>",
		"where the lab's machines are",
		".metaltune/lab",
	] as const;
	lab
		.command("up")
		.summary("start machines, and write an inventory of them")
		.description(
			"Starts untouched machines and writes an inventory and an ssh_config of them. Where\nQEMU or root is missing it says so and starts light hosts.\nExample: metaltune lab up --light --count 3",
		)
		.option(...where)
		.option("--light", "hosts that pretend to have a kernel")
		.option("--count <number>", "how many", wholeNumber, 1)
		.option(
			"--first-port <port>",
			"of the first light host",
			wholeNumber,
			22100,
		)
		.option("--json", "print JSON instead of a table")
		.action(up);
	lab
		.command("down")
		.summary("stop all machines of the lab")
		.option(...where)
		.action(down);
	lab
		.command("list")
		.summary("show the lab's machines")
		.option(...where)
		.option("--json", "print JSON instead of a table")
		.action(list);
	lab
		.command("ssh")
		.summary("log in to a machine, as root where it has one")
		.argument("<machine>", "its name in `metaltune lab list`")
		.argument("[command...]", "what to run there instead of a shell")
		.option(...where)
		.action(ssh);
	lab
		.command("build")
		.summary("build the virtual bare metal's disk and first boot ahead of time")
		.option("--json", "print JSON instead of progress")
		.action(build);
}
