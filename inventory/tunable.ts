/**
 * The TypeScript half of a tunable: its inventory section and the settings of
 * that section. The other half is the `.sh` file of the same name.
 * CONTRIBUTING.md shows how to add a pair.
 */

import type { Applications } from "../model/application";
import type { Layer } from "../model/facts";
import type { Setting } from "../model/settings";
import type { Decoder } from "./decode/decoder";

/** One key, or a family of keys, as every report names it. */
export interface KeyDocs {
	/** The variable part is in capitals: `nodeN.SIZE`. */
	readonly key: string;
	readonly meaning: string;
	/** The values that may be declared, with the unit. */
	readonly values: string;
}

/**
 * What `metaltune explain` says about a tunable, in phrases and sentences for
 * an engineer who decides whether to declare it. The file's header comment is
 * for maintainers and does not repeat it.
 */
export interface TunableDocs {
	/** One line. */
	readonly summary: string;
	readonly keys: readonly [KeyDocs, ...KeyDocs[]];
	/** Which of the running kernel and the next boot can be set. */
	readonly layers: readonly Layer[];
	/** Whether a declared value is only effective after a reboot. */
	readonly needsReboot: "never" | "always" | "partly";
	/** What it costs, and what can go wrong. */
	readonly risks: readonly string[];
	/** What revert cannot restore. */
	readonly cannotBeUndone: string;
	/** The file or service that sets it at the next boot. */
	readonly persistence: string;
	/** Documents of the kernel or the tool, by name and section. */
	readonly sources: readonly string[];
	/** The tunable's section of an inventory: YAML, lines of at most 78. */
	readonly example: string;
}

/** A section of an inventory that declares settings. */
export interface SettingsSection<Spec> {
	/** The YAML key, and the name in every report. */
	readonly name: string;
	/** Reads the section; also the source of the JSON Schema. */
	readonly decoder: Decoder<Spec>;
	/** The settings of a decoded section, in any order. */
	settings(spec: Spec): readonly Setting[];
}

/** `tuning.NAME`: settings that `apply` makes effective. */
export interface Tunable<Spec> extends SettingsSection<Spec> {
	/** Shown by `metaltune explain NAME`. */
	readonly docs: TunableDocs;
}

/** Every section that declares a host's settings. */
export interface Sections {
	/** In registry order, which is the order of their settings. */
	readonly tunables: readonly Tunable<unknown>[];
	/** Its settings come after those of all tunables. */
	readonly applications: SettingsSection<Applications>;
}
