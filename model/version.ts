/**
 * The version of this checkout. The command line, the plugin, the policy pack
 * and the host program all report it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

function packageVersion(): string {
	const path = join(__dirname, "../package.json");
	const { version } = JSON.parse(readFileSync(path, "utf8"));
	if (typeof version !== "string" || !/^\d+\.\d+\.\d+$/.test(version)) {
		throw new Error(`${path}: its version is not of the form 1.2.3`);
	}
	return version;
}

/** Of the form `0.1.0`; package.json holds it. */
export const version = packageVersion();

/** The maker that every report names. */
export const maker = `metaltune ${version}`;
