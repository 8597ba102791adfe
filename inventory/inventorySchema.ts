/**
 * The JSON Schema of an inventory file, for editors. It is generated from the
 * decoders, so it always agrees with them.
 */

import type { JsonSchema } from "./decode/decoder";
import { inventoryDecoders } from "./decoders";
import type { Tunable } from "./tunable";

/** The schema (draft 2020-12) of a file in `hosts/` or `hosts/profiles/`. */
export function inventorySchema(
	tunables: readonly Tunable<unknown>[],
): JsonSchema {
	return {
		$schema: "https://json-schema.org/draft/2020-12/schema",
		title: "metaltune inventory",
		...inventoryDecoders(tunables).file.schema,
	};
}
