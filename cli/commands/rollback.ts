/** `metaltune rollback`: the release before the current one, on one host. */
import type { Command } from "commander";
import {
	type ApplicationOptions,
	aboutApplication,
	onHost,
} from "../application";

async function rollback(
	host: string,
	application: string,
	options: ApplicationOptions,
): Promise<void> {
	const said = await onHost("release-back", { host, application }, options);
	console.log(`${host}: ${said}, which is up and verified
What is declared has not changed: \`metaltune drift\` shows the difference, and
\`pulumi up --refresh\` deploys the declared release again. Declare the older one
to stay with it.`);
}

/** Adds the command to `program`. */
export function addRollback(program: Command): void {
	aboutApplication(program.command("rollback"))
		.summary("go back to the release of an application before this one")
		.description(
			"Starts the previous release of an application on one host, with the unit and\nthe files it had, and waits until it is up and verified. A deployment whose\nrelease does not come up does this by itself.\nExit code: 0 the previous release is up; 1 it is not, or there is none.",
		)
		.addHelpText(
			"after",
			`
Example:
  $ metaltune rollback fx-store-1 fx-store`,
		)
		.action(rollback);
}
