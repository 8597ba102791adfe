/** The file that says how strict rules are, as every command that judges takes it. */
import { readFileSync } from "node:fs";
import { Option } from "commander";
import { errorCode } from "../model/errorCode";
import {
	type Configuration,
	ConfigurationError,
	configurationOf,
} from "../policies/configuration";
import { rules } from "../policies/registry";

/** `--config`, whose value `configurationIn` reads. */
export function configOption(): Option {
	return new Option(
		"--config <file>",
		"levels and options of rules: the JSON of --policy-pack-config",
	);
}

function read(path: string): string {
	try {
		return readFileSync(path, "utf8");
	} catch (error) {
		throw new Error(
			`${path}: expected levels and options of rules, got ${errorCode(error)}`,
		);
	}
}

function parsed(path: string): unknown {
	try {
		return JSON.parse(read(path));
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
		throw new Error(
			`${path}: expected levels and options of rules as JSON, got something else: ${error.message}`,
		);
	}
}

/**
 * How strict each rule is.
 *
 * @param path of the file; every rule has its defaults without one.
 * @throws Error naming the file, with a line for each problem.
 */
export function configurationIn(path: string | undefined): Configuration {
	if (path === undefined) return configurationOf(rules, {});
	try {
		return configurationOf(rules, parsed(path));
	} catch (error) {
		if (!(error instanceof ConfigurationError)) throw error;
		throw new Error(error.message.replace(/^/gm, `${path}: `));
	}
}
