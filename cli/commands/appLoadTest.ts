/** `metaltune app load-test`: the load that an application declares, on its host. */
import type { Command } from "commander";
import {
	type ApplicationOptions,
	aboutApplication,
	onHost,
} from "../applicationCommand";
import { print } from "../print";

async function loadTest(
	host: string,
	application: string,
	options: ApplicationOptions,
): Promise<void> {
	await print(await onHost("load-test", { host, application }, options));
}

/** Adds the command to `app`. */
export function add(app: Command): void {
	aboutApplication(app.command("load-test"))
		.summary("run the load test of an application, on its host")
		.description(
			`Runs the command of \`loadTest\` in the release's directory and prints what it
printed once it has ended. It runs as the login that deploys, or as root where
the connection says \`become\`; not as the application's user.
Exit code: 0 it succeeded; 1 it failed, or none is declared.`,
		)
		.addHelpText(
			"after",
			`
Example:
  $ metaltune app load-test solana-1 mev-engine`,
		)
		.action(loadTest);
}
