/** CPU lists and masks on the host are those of model/cpuSet.ts. */
import { spawnSync } from "node:child_process";
import * as fc from "fast-check";
import { hostLibrary } from "../../host/assemble";
import {
	cpuMask,
	cpuSetOf,
	parseCpuList,
	parseCpuMask,
} from "../../model/cpuSet";

/** Runs a function of the library over every argument, one process in all. */
function onHost(
	name: "cpus_of" | "mask_of",
	given: readonly string[],
): readonly string[] {
	const script = `${hostLibrary()}\nfor given; do ${name} "$given"; printf '%s\\n' "$VALUE"; done`;
	const { stdout, stderr } = spawnSync(
		"sh",
		["-c", script, "library", ...given],
		{ encoding: "utf8", env: { ...process.env, ROOT: "/nonexistent" } },
	);
	expect(stderr).toBe("");
	return stdout.trimEnd().split("\n");
}

test("a mask is the kernel's, in groups of 32 bits", () => {
	expect(onHost("mask_of", ["0", "8-15", "31,32", "0-47", "64-71"])).toEqual([
		"00000001",
		"0000ff00",
		"00000001,80000000",
		"0000ffff,ffffffff",
		"000000ff,00000000,00000000",
	]);
	expect(
		onHost("cpus_of", ["3", "ffff,ffffffff", "1,00000000,00000000", "f0F0"]),
	).toEqual(["0-1", "0-47", "64", "4-7,12-15"]);
});

test("any set goes there and back", () => {
	const sets = fc
		.sample(fc.uniqueArray(fc.nat(300), { minLength: 1 }), {
			numRuns: 40,
			seed: 4,
		})
		.map((cpus) => cpuSetOf(cpus));
	const masks = onHost("mask_of", sets);
	expect(masks.map(parseCpuMask)).toEqual(sets);
	expect(onHost("cpus_of", sets.map(cpuMask)).map(parseCpuList)).toEqual(sets);
});
