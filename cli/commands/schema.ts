/** `metaltune schema`: the JSON Schema of inventory files. */
import type { Command } from "commander";
import { inventorySchema } from "../../inventory/inventorySchema";
import { printableJson } from "../../reports/json";
import { tunables } from "../../tunables/registry";
import { print } from "../print";

/** Adds the command to `program`. */
export function add(program: Command): void {
	program
		.command("schema")
		.summary("print the JSON Schema of inventory files")
		.description("Prints the JSON Schema of inventory files, for editors.")
		.action(() => print(printableJson(inventorySchema(tunables))));
}
