/** The one host of an inventory that a command is called with. */
import { sections } from "../applications/sections";
import type { LocatedHost } from "../inventory/decodeGroup";
import { loadLocated } from "../inventory/load";
import { suggestion } from "../model/nearest";

/**
 * The host with this name, with its places in the YAML.
 *
 * @throws InventoryError with every problem of the inventory; Error when no host
 *   has the name.
 */
export function namedHost(name: string, directory: string): LocatedHost {
	const hosts = loadLocated(directory, sections);
	const host = hosts.find(({ spec }) => spec.name === name);
	if (host === undefined) {
		const names = hosts.map(({ spec }) => spec.name);
		throw new Error(
			`expected a host of ${directory}, got ${JSON.stringify(name)}${suggestion(name, names)}`,
		);
	}
	return host;
}
