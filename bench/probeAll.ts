/**
 * `tsx probeAll.ts DIRECTORY PARALLEL`: the provider's probe of every host of
 * an inventory, in its own process without the engine. Prints the seconds from
 * the first login to the last verdict.
 */

import { sections } from "../applications/sections";
import { withHost } from "../host/call";
import { probe } from "../host/probe";
import { loadInventory } from "../inventory/load";
import { mapLimited } from "../lab/light/runProgram";
import { defaultPatience } from "../ssh/dial";
import { createPool } from "../ssh/pool";

async function main([directory = "", parallel = ""]: readonly string[]) {
	const specs = loadInventory(directory, sections);
	const pool = createPool({
		idleSeconds: 0,
		handshakes: 32,
		patience: defaultPatience,
	});
	const started = process.hrtime.bigint();
	await mapLimited(specs, Number(parallel), async (spec) => {
		const { report } = await withHost(
			pool,
			spec.name,
			{ ...spec.connection } as never,
			(host) => probe(host, spec.settings),
		);
		return report.findings;
	});
	console.log(Number(process.hrtime.bigint() - started) / 1e9);
}

main(process.argv.slice(2)).catch((error: Error) => {
	console.error(error.message);
	process.exitCode = 1;
});
