/** The Pulumi program: turns the inventory into a fleet. */
import * as pulumi from "@pulumi/pulumi";
import { sections } from "./applications/sections";
import { keepKeysOutOfDebugLog } from "./components/debugLog";
import { Fleet } from "./components/fleet";
import { stackSecret } from "./components/stackSecret";
import { GroupsError, hostsOfGroups } from "./inventory/groups";
import { loadInventory } from "./inventory/load";
import { InventoryError } from "./model/problem";

function readInventory() {
	const config = new pulumi.Config("metaltune");
	try {
		const directory = config.get("hosts") ?? "hosts";
		const specs = loadInventory(directory, sections, { secret: stackSecret });
		return hostsOfGroups(specs, config.getObject("groups"));
	} catch (error) {
		// Pulumi shows a RunError without a stack trace: the fault is in the
		// inventory or in the config.
		throw error instanceof InventoryError || error instanceof GroupsError
			? new pulumi.RunError(error.message)
			: error;
	}
}

keepKeysOutOfDebugLog();
const specs = readInventory();
// The state keeps each resource's stack trace. In a separate event-loop turn it
// has a few frames instead of twenty, which saves a third of the state.
const ownTurn = new Promise((resolve) => setImmediate(resolve));

/** Host name to its status. */
export const status = ownTurn.then(() => {
	// The SDK renders a stack trace for each of its thousands of promises.
	Error.stackTraceLimit = 3;
	return new Fleet("fleet", specs).status;
});
