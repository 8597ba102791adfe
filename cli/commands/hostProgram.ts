/** `metaltune host-program`: the program that runs on the hosts. */
import type { Command } from "commander";
import { hostProgram } from "../../host/assemble";

/** Adds the command to `program`. */
export function add(program: Command): void {
	program
		.command("host-program")
		.summary("print the program that `pulumi up` installs on hosts")
		.description(
			"Prints the host program as `pulumi up` installs it, for a review or to install\nby hand. It changes the machine it runs on.",
		)
		.action(() => {
			process.stdout.write(hostProgram().text);
		});
}
