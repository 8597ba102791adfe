/**
 * The TypeScript half of a tunable: how its section of the inventory is read
 * and which settings it stands for. The other half is the `.sh` file of the
 * same name; CONTRIBUTING.md shows how to add a pair.
 */

import type { Applications } from "../model/application";
import type { Layer } from "../model/facts";
import type { Setting } from "../model/settings";
import type { Decoder } from "./decode/decoder";

/** One key, or a family of keys, as it is named in every report. */
export interface KeyDocs {
	/** What varies is in capitals: `nodeN.SIZE`. */
	readonly key: string;
	readonly meaning: string;
	/** What may be declared for it, with the unit. */
	readonly values: string;
}

/**
 * What `metaltune explain` says of a tunable: half-sentences and sentences for
 * somebody who decides whether to declare it. The header comment of the file
 * is for its maintainers and does not repeat it.
 */
export interface TunableDocs {
	/** One line. */
	readonly summary: string;
	readonly keys: readonly [KeyDocs, ...KeyDocs[]];
	/** Which of the running kernel and the next boot can be told. */
	readonly layers: readonly Layer[];
	/** Whether a declared value is only effective after a reboot. */
	readonly needsReboot: "never" | "always" | "partly";
	/** What it costs, and what can go wrong. */
	readonly risks: readonly string[];
	/** What revert cannot bring back. */
	readonly cannotBeUndone: string;
	/** By which file or service the next boot gets it. */
	readonly persistence: string;
	/** Documents of the kernel or the tool, by name and section. */
	readonly sources: readonly string[];
	/** The tunable's section of an inventory: YAML, lines of at most 78. */
	readonly example: string;
}

/** A section of an inventory that stands for settings. */
export interface SettingsSection<Spec> {
	/** The YAML key and the word in every report. */
	readonly name: string;
	/** Reads the section; also the source of the JSON Schema. */
	readonly decoder: Decoder<Spec>;
	/** The settings a decoded section stands for, in any order. */
	settings(spec: Spec): readonly Setting[];
}

/** `tuning.NAME`: what `apply` makes so. */
export interface Tunable<Spec> extends SettingsSection<Spec> {
	/** For people; see `metaltune explain NAME`. */
	readonly docs: TunableDocs;
}

/** All that a host's settings come from. */
export interface Sections {
	/** In registry order, which is the order of their settings. */
	readonly tunables: readonly Tunable<unknown>[];
	/** Its settings come after those of all tunables. */
	readonly applications: SettingsSection<Applications>;
}
