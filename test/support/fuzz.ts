/**
 * Fuzzing in bounds: as many runs as METALTUNE_FUZZ_RUNS says, few without it. A
 * failure names its seed and path; METALTUNE_FUZZ_SEED repeats a run.
 */
import fc from "fast-check";

const runs = Number(process.env.METALTUNE_FUZZ_RUNS ?? 300);
const seed = Number(process.env.METALTUNE_FUZZ_SEED ?? Date.now() % 2 ** 31);

/** Checks a property, and says before which seed it begins with. */
export function fuzzed<Ts>(property: fc.IProperty<Ts>): void {
	if (process.env.METALTUNE_FUZZ_RUNS !== undefined) {
		process.stderr.write(`fuzz: ${runs} runs, METALTUNE_FUZZ_SEED=${seed}\n`);
	}
	fc.assert(property, { numRuns: runs, seed });
}
