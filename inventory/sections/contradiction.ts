/** A contradiction, and the input of the rules that find one. */
import type { Setting } from "../../model/settings";

/** A key of a section, such as `services`, `irqbalance`, `state`. */
export type KeyPath = readonly [section: string, ...keys: string[]];

/** Two keys that contradict each other. */
export interface Contradiction {
	/** The key that is reported. */
	readonly at: KeyPath;
	/** The key that it contradicts. */
	readonly other: KeyPath;
	/** After `contradicts KEY (PLACE)`: why, and what to do. */
	readonly why: string;
}

/** The declared settings of a host, for rules about pairs of keys. */
export interface Asked {
	readonly settings: readonly Setting[];
	/** The setting with this key; undefined when it is not declared. */
	find(tunable: string, key: string): Setting | undefined;
	/** All settings of a tunable. */
	of(tunable: string): readonly Setting[];
}
