/** What the command line says of its commands, to hold files against it. */
import { join } from "node:path";
import { metaltune } from "../cli/cli";
import type { Call } from "./workflowCommands";

const checkout = join(__dirname, "../..");

const helps = new Map<string, Promise<string>>();

/** Every command is asked once, in a process of its own. */
function helpOf(command: string): Promise<string> {
	const known =
		helps.get(command) ??
		metaltune([...command.split(" "), "--help"], {
			cwd: checkout,
			env: process.env,
		}).then(({ code, stdout }) => (code === 0 ? stdout : ""));
	helps.set(command, known);
	return known;
}

/** What the command line does not know of a call: itself, or options. */
export async function unknownIn({
	command,
	options,
}: Call): Promise<readonly string[]> {
	const help = await helpOf(command);
	if (!help.startsWith(`Usage: metaltune ${command} `)) return [command];
	return options
		.filter((option) => !help.includes(`  ${option} `))
		.map((option) => `${command} ${option}`);
}
