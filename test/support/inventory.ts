/** From YAML text to settings, for tests that start where a user starts. */

import { tuningSettings } from "../../inventory/sections/tuning";
import type { Tunable } from "../../inventory/tunable";
import { parseYaml } from "../../inventory/yaml/located";
import { InventoryError, type Problem, problemSink } from "../../model/problem";
import type { Setting } from "../../model/settings";
import { tunables } from "../../tunables/registry";

/**
 * The settings that `tuning.NAME` with this YAML stands for, in the order of
 * the registry.
 *
 * @throws InventoryError with every problem.
 */
export function settingsFromYaml(
	tunable: Tunable<unknown>,
	yaml: string,
): readonly Setting[] {
	const found: Problem[] = [];
	const problems = problemSink(found);
	const node = parseYaml("test.yaml", Buffer.from(yaml), problems);
	const spec =
		node && tunable.decoder.decode(node, problems.within(tunable.name));
	if (found.length > 0 || node === undefined) throw new InventoryError(found);
	const { at } = node;
	const entry = { key: tunable.name, keyAt: at, value: node };
	return tuningSettings(
		tunables,
		{
			tuning: { [tunable.name]: spec },
			node: { kind: "map", at, entries: [entry] },
		},
		problems,
	);
}
