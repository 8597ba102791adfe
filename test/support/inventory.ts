/** From YAML text to settings, for tests that start where a user starts. */

import { byKey, tuningSettings } from "../../inventory/sections/tuning";
import type { SettingsSection } from "../../inventory/tunable";
import { parseYaml } from "../../inventory/yaml/located";
import { InventoryError, type Problem, problemSink } from "../../model/problem";
import type { Setting } from "../../model/settings";
import { tunables } from "../../tunables/registry";

/**
 * The settings that a section with this YAML stands for, in the order of the
 * registry.
 *
 * @throws InventoryError with every problem.
 */
export function settingsFromYaml(
	section: SettingsSection<unknown>,
	yaml: string,
): readonly Setting[] {
	const found: Problem[] = [];
	const problems = problemSink(found);
	const node = parseYaml("test.yaml", Buffer.from(yaml), problems);
	const { name } = section;
	const spec = node && section.decoder.decode(node, problems.within(name));
	if (found.length > 0 || node === undefined) throw new InventoryError(found);
	if (tunables.every((each) => each.name !== name)) {
		return byKey(section.settings(spec));
	}
	const { at } = node;
	const entry = { key: name, keyAt: at, value: node };
	return tuningSettings(
		tunables,
		{
			tuning: { [name]: spec },
			node: { kind: "map", at, entries: [entry] },
		},
		problems,
	);
}
