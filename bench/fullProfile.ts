/**
 * The tuning of a whole host, for tests and measurements that need every
 * tunable at once. It is fullProfile.yaml. A tunable that is not in that file
 * uses the example in its documentation, so that new tunables are included
 * automatically.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inventoryDecoders } from "../inventory/decoders";
import { tuningSettings } from "../inventory/sections/tuning";
import { parseYaml } from "../inventory/yaml/located";
import { entryOf, type MapNode } from "../inventory/yaml/node";
import {
	InventoryError,
	type Problem,
	type ProblemSink,
	problemSink,
} from "../model/problem";
import type { Setting } from "../model/settings";
import { tunables } from "../tunables/registry";

/** Files that a host needs before the profile can be applied: path to text. */
export const neededFiles: { readonly [path: string]: string } = {
	"usr/local/lib/xdp_prog.o": "xdp\n",
};

function mapOf(
	name: string,
	text: string | Buffer,
	problems: ProblemSink,
): MapNode {
	const node = parseYaml(name, Buffer.from(text), problems);
	if (node?.kind === "map") return node;
	throw new Error(`${name}: expected a map, got something else`);
}

/**
 * The settings of the profile, in registry order.
 *
 * @throws InventoryError when the profile or an example does not decode.
 */
export function fullSettings(): readonly Setting[] {
	const found: Problem[] = [];
	const problems = problemSink(found);
	const path = join(__dirname, "fullProfile.yaml");
	const file = mapOf("fullProfile.yaml", readFileSync(path), problems);
	const own = entryOf(file, "tuning")?.value;
	const entries = own?.kind === "map" ? own.entries : [];
	const missing = tunables
		.filter(({ name }) => entries.every(({ key }) => key !== name))
		.flatMap(({ name, docs }) => mapOf(name, docs.example, problems).entries);
	const node = { ...file, entries: [...entries, ...missing] };
	const tuning = inventoryDecoders(tunables).tuning.decode(node, problems);
	const settings =
		tuning && tuningSettings(tunables, { tuning, node }, problems);
	if (settings === undefined || found.length > 0) {
		throw new InventoryError(found);
	}
	return settings;
}
