/** The Pulumi program: the inventory becomes a fleet. */
import * as pulumi from "@pulumi/pulumi";
import { Fleet } from "./components/fleet";
import { InventoryError } from "./inventory/errors";
import { loadInventory } from "./inventory/load";
import { tunables } from "./tunables/registry";

function readInventory() {
	const directory = new pulumi.Config("metaltune").get("hosts") ?? "hosts";
	try {
		return loadInventory(directory, tunables);
	} catch (error) {
		// A RunError is shown without a stack: the fault is in the YAML.
		throw error instanceof InventoryError
			? new pulumi.RunError(error.message)
			: error;
	}
}

/** Host name to what was proved of it. */
export const readiness = new Fleet("fleet", readInventory()).readiness;
