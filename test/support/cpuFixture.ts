/** Other machines' CPUs, in place of the simulated host's; see test/fixtures/cpu. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const directory = "sys/devices/system/cpu";

/**
 * Files of a case's `before` that put a fixture's frequency policies and their
 * driver where the simulated host has its own.
 */
export function cpuFixture(name: string): {
	readonly [path: string]: string | undefined;
} {
	const text = readFileSync(
		join(__dirname, "../fixtures/cpu", `${name}.txt`),
		"utf8",
	);
	const files = [...text.matchAll(/^([^#:\n]+): ?(.*)$/gm)].map(
		([, path, value]) => [`${directory}/${path}`, `${value}\n`] as const,
	);
	return {
		[`${directory}/cpufreq`]: undefined,
		[`${directory}/intel_pstate`]: undefined,
		...Object.fromEntries(files),
	};
}
