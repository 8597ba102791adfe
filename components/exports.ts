/**
 * What a Pulumi program uses of metaltune: the package's exports. A program is two
 * lines, `loadInventory` and `Fleet`, or makes a `TunedHost` among its own resources.
 */
import * as pulumi from "@pulumi/pulumi";
import { sections } from "../applications/sections";
import { GroupsError, hostsOfGroups } from "../inventory/groups";
import { loadInventory as load } from "../inventory/load";
import type { HostSpec } from "../model/hostSpec";
import { InventoryError } from "../model/problem";
import { keepKeysOutOfDebugLog } from "./debugLog";
import { stackSecret } from "./stackSecret";

export type { HostSpec } from "../model/hostSpec";
export { Fleet } from "./fleet";
export { TunedHost } from "./tunedHost";

keepKeysOutOfDebugLog();

/**
 * The hosts of an inventory that this stack manages: those of the groups in
 * `metaltune:groups` of the stack's config, or all.
 *
 * @param directory one YAML file per group; `metaltune:hosts` of the stack's
 *   config by default, or else `hosts`.
 * @throws pulumi.RunError with every problem of the inventory and its place.
 */
export function loadInventory(directory?: string): readonly HostSpec[] {
	const config = new pulumi.Config("metaltune");
	try {
		const path = directory ?? config.get("hosts") ?? "hosts";
		const specs = load(path, sections, { secret: stackSecret });
		return hostsOfGroups(specs, config.getObject("groups"));
	} catch (error) {
		// Pulumi shows a RunError without a stack trace: the fault is in the
		// inventory or in the config.
		throw error instanceof InventoryError || error instanceof GroupsError
			? new pulumi.RunError(error.message)
			: error;
	}
}
