/** Applies the rules to an inventory, with levels from a file. */

import { Option } from "commander";
import { sections } from "../applications/sections";
import { loadLocated } from "../inventory/load";
import {
	type Configuration,
	ConfigurationError,
	configurationOf,
} from "../policies/configuration";
import { dayOf } from "../policies/judgeRules";
import { type LintReport, lint } from "../policies/lintReport";
import { rules } from "../policies/ruleRegistry";
import { fileText, jsonIn } from "./jsonFile";
import type { InventoryChoice } from "./options";

/** `--config`; `configurationIn` reads its value. */
export function configOption(): Option {
	return new Option(
		"--config <file>",
		"levels and options of rules: the JSON of --policy-pack-config",
	);
}

const what = "levels and options of rules";

/**
 * The level of each rule.
 *
 * @param path of the file; without one, every rule has its defaults.
 * @throws Error naming the file, with a line for each problem.
 */
function configurationIn(path: string | undefined): Configuration {
	if (path === undefined) return configurationOf(rules, {});
	const text = fileText(path, what);
	const json = jsonIn({ path, text, what });
	try {
		return configurationOf(rules, json);
	} catch (error) {
		if (!(error instanceof ConfigurationError)) throw error;
		throw new Error(error.message.replace(/^/gm, `${path}: `));
	}
}

export interface RulesChoice extends InventoryChoice {
	readonly config?: string;
}

/**
 * What the rules find in an inventory.
 *
 * @throws Error when the inventory or the configuration is wrong.
 */
export function lintReport({ inventory, config }: RulesChoice): LintReport {
	return lint(rules, loadLocated(inventory, sections), {
		configuration: configurationIn(config),
		today: dayOf(new Date()),
	});
}
