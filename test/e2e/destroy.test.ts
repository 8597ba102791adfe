/**
 * Destroy returns every value, every file and the kernel command line to what
 * they were before metaltune first came.
 */
import { differences, fingerprint } from "./fingerprint";
import { fxStore } from "./fxStore";
import { done, type MetalLab, startMetalLab } from "./lab";

let lab: MetalLab;
let before: readonly string[];

beforeAll(async () => {
	lab = await startMetalLab();
	before = await fingerprint(lab.machine);
	lab.declare({ tuning: fxStore });
	await done(lab.up());
});
afterAll(() => lab?.remove());

test("a machine that is tuned differs in every kind of thing", async () => {
	const changed = differences(before, await fingerprint(lab.machine));
	const kinds = new Set(changed.map((line) => line.split(" ")[1]));
	expect([...kinds].toSorted()).toEqual([
		"file",
		"mount",
		"nic",
		"path",
		"sysctl",
		"unit",
		"value",
	]);
});

test("after destroy nothing differs, the kernel command line included", async () => {
	await done(lab.destroy());
	expect(differences(before, await fingerprint(lab.machine))).toEqual([]);
	expect(lab.boots()).toBe(2);
});
