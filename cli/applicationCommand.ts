/** Shared by commands for one application of one host. */
import type { Command } from "commander";
import { type ApplicationVerb, askApplication } from "../host/applicationVerbs";
import { withHost } from "../host/call";
import { printableLines } from "../model/printable";
import { createPool } from "../ssh/pool";
import { chosenHosts, targetsOfInventory, targetsOfStack } from "./driftQuery";
import { type InventoryChoice, inventoryOption, stackOption } from "./options";

export interface ApplicationOptions extends InventoryChoice {
	readonly stack?: string;
}

/**
 * Adds the arguments and options for host, application and login to a command.
 */
export function aboutApplication(command: Command): Command {
	return command
		.argument("<host>", "as the inventory names it")
		.argument("<application>", "as the inventory names it")
		.addOption(inventoryOption())
		.addOption(stackOption("with the login of this stack"));
}

/**
 * Runs an application's verb on its host.
 *
 * @returns its output, without the last line end.
 * @throws Error when the host is unknown, cannot be reached, or refuses.
 */
export async function onHost(
	verb: ApplicationVerb,
	{ host, application }: { host: string; application: string },
	{ inventory, stack }: ApplicationOptions,
): Promise<string> {
	const [target] = chosenHosts(
		stack === undefined ? targetsOfInventory(inventory) : targetsOfStack(stack),
		[host],
	);
	const connection = target?.connection ?? "is not known";
	if (typeof connection === "string") {
		throw new Error(`${host}: ${connection}`);
	}
	const pool = createPool({
		idleSeconds: 0,
		handshakes: 1,
		patience: { attemptSeconds: 30, retrySeconds: 5 },
	});
	const said = await withHost(pool, host, connection, (session) =>
		askApplication(session, verb, application),
	).catch((error: Error) => {
		throw new Error(printableLines(error.message));
	});
	return printableLines(said).trimEnd();
}
