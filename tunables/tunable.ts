/**
 * The TypeScript half of a tunable: how its section of the inventory is read
 * and which settings it stands for. The other half is the `.sh` file of the
 * same name; CONTRIBUTING.md shows how to add a pair.
 */
import type { Decoder } from "../inventory/decode";
import type { Setting } from "../inventory/settings";

export interface Tunable<Spec> {
	/** The file, the YAML key and the word in every report. */
	readonly name: string;
	/** Reads `tuning.NAME`; also the source of the JSON Schema. */
	readonly decoder: Decoder<Spec>;
	/** The settings a decoded section stands for, in any order. */
	settings(spec: Spec): readonly Setting[];
}
