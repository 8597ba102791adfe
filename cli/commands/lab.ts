/** `metaltune lab`: local machines for trying metaltune. */
import { type Command, Option } from "commander";
import { labDirectories, labHosts } from "../../lab/labs";
import {
	buildTestVm,
	type LabPlace,
	loginTo,
	type NewMachines,
	startLab,
	stopLab,
} from "../../lab/lifecycle";
import {
	defaultEdition,
	type Edition,
	kernels,
	releases,
	releaseVariable,
} from "../../lab/metal/releases";
import { labFormats, testVmFormats } from "../../reports/labMachines";
import { type FormatChoice, wholeNumber, withFormats } from "../options";
import { print, printReport } from "../print";

function list(options: LabPlace & FormatChoice): Promise<void> {
	return printReport(labFormats, labHosts(options.directory), options);
}

async function up(options: NewMachines & FormatChoice): Promise<void> {
	await startLab(options);
	await list(options);
	if (options.json === true || options.format === "json") return;
	const { inventory, sshConfig } = labDirectories(options.directory);
	const name = labHosts(options.directory)[0]?.name;
	await print(`
Log in:     bin/metaltune lab ssh ${name}, or ssh -F ${sshConfig} ${name}
Tune them:  pulumi config set metaltune:hosts ${inventory} && pulumi up
Change:     ${inventory}/profiles/`);
}

async function build(options: Edition & FormatChoice): Promise<void> {
	await printReport(testVmFormats, await buildTestVm(options), options);
}

async function down(place: LabPlace): Promise<void> {
	const stopped = await stopLab(place);
	await print(
		stopped.length === 0
			? "nothing was running"
			: `stopped: ${stopped.join(", ")}`,
	);
}

function ssh(name: string, command: readonly string[], place: LabPlace): void {
	process.exitCode = loginTo(name, command, place);
}

const description = `The test VM is a QEMU machine with a kernel, GRUB, NUMA nodes and NICs of its own.
Simulated hosts are files and scripts behind an SSH server, and start in seconds.
See docs/lab.md.
Exit code: 0, or 1 when it could not be done; of ssh that of the command.`;

/** Adds the options of Edition. */
function withEdition(command: Command): Command {
	return command
		.addOption(
			new Option("--release <name>", "of the test VM's Debian")
				.env(releaseVariable)
				.choices(releases)
				.default(defaultEdition.release),
		)
		.addOption(
			new Option("--kernel <kind>", "of the test VM; rt is PREEMPT_RT")
				.choices(kernels)
				.default(defaultEdition.kernel),
		);
}

/** Adds the command to `program`. */
export function add(program: Command): void {
	const lab = program
		.command("lab")
		.summary("machines to try things on: the test VM, or simulated hosts")
		.description(description);
	const place = (command: Command) =>
		command.option(
			"--directory <path>",
			"where the lab's machines are",
			".metaltune/lab",
		);
	withFormats(place(withEdition(lab.command("up"))), labFormats)
		.summary("start machines, and write an inventory of them")
		.description(
			"Starts untouched machines and writes an inventory and an ssh_config of them. Where\nQEMU or root is missing it says so and starts simulated hosts.\nExample: metaltune lab up --light --count 3",
		)
		.option("--light", "simulated hosts")
		.option("--count <number>", "how many", wholeNumber, 1)
		.option("--first-port <port>", "of the first one", wholeNumber, 22100)
		.action(up);
	place(lab.command("down"))
		.summary("stop all machines of the lab")
		.action(down);
	withFormats(place(lab.command("list")), labFormats)
		.summary("show the lab's machines")
		.action(list);
	place(lab.command("ssh"))
		.summary("log in to a machine, as root where it has one")
		.argument("<machine>", "its name in `metaltune lab list`")
		.argument("[command...]", "what to run there instead of a shell")
		.action(ssh);
	withFormats(withEdition(lab.command("build")), testVmFormats)
		.summary("build the test VM's disk and first boot ahead of time")
		.action(build);
}
