/** `metaltune app rollback`: returns to the previous release on one host. */
import type { Command } from "commander";
import {
	type ApplicationOptions,
	aboutApplication,
	onHost,
} from "../applicationCommand";
import { print } from "../print";

async function rollback(
	host: string,
	application: string,
	options: ApplicationOptions,
): Promise<void> {
	const said = await onHost("release-back", { host, application }, options);
	await print(`${host}: ${said}, which is up and verified
What is declared has not changed: \`metaltune drift\` shows the difference, and
\`pulumi up --refresh\` deploys the declared release again. Declare the older one
to stay with it.`);
}

/** Adds the command to `app`. */
export function add(app: Command): void {
	aboutApplication(app.command("rollback"))
		.summary("return an application to its previous release")
		.description(
			`Starts the previous release of an application on one host, with the unit and
the files it had, and waits until it is up and verified. A deployment whose
release does not come up does this by itself.
Exit code: 0 the previous release is up; 1 it is not, or there is none.`,
		)
		.addHelpText(
			"after",
			`
Example:
  $ metaltune app rollback fx-store-1 fx-store`,
		)
		.action(rollback);
}
