/** Commands that print what is made from this repository: schema, program. */
import type { Command } from "commander";
import { hostProgram } from "../../host/assemble";
import { inventorySchema } from "../../inventory/schema";
import { printableJson } from "../../reports/json";
import { tunables } from "../../tunables/registry";

/** Adds `schema` to `program`. */
export function addSchema(program: Command): void {
	program
		.command("schema")
		.description("Prints the JSON Schema of inventory files, for editors.")
		.action(() => console.log(printableJson(inventorySchema(tunables))));
}

/** Adds `program` to `program`. */
export function addProgram(program: Command): void {
	program
		.command("program")
		.description(
			"Prints the host program as `pulumi up` installs it, for a review or to install\nby hand. It changes the machine it runs on.",
		)
		.action(() => {
			process.stdout.write(hostProgram().text);
		});
}
