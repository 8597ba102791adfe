/** The Pulumi program: the inventory becomes a fleet. */
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
		// A RunError is shown without a stack: the fault is in the inventory or
		// in the config.
		throw error instanceof InventoryError || error instanceof GroupsError
			? new pulumi.RunError(error.message)
			: error;
	}
}

keepKeysOutOfDebugLog();
const specs = readInventory();
// A resource keeps the stack it was made from in the state. In a turn of its
// own that is a few frames instead of twenty, a third of all state.
const ownTurn = new Promise((resolve) => setImmediate(resolve));

/** Host name to what was proved of it. */
export const readiness = ownTurn.then(() => {
	// The SDK renders a stack for every promise it makes, thousands of them.
	Error.stackTraceLimit = 3;
	return new Fleet("fleet", specs).readiness;
});
