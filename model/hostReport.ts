/** A host's report. See docs/host-program.md, "Report". */
import type { Fact } from "./facts";
import type { Setting } from "./settings";
import type { Finding } from "./verdict";

/** A provisional change: the host reverts it unless a login confirms it. */
export interface ProvisionalChange {
	/** `live` since it was applied, `boot` from the reboot on. */
	readonly kind: "live" | "boot";
	/** For `boot`: whether the reboot has happened and only a login is missing. */
	readonly begun: boolean;
	/** Identifies the change that a confirmation keeps; `-` when none does. */
	readonly change: string;
	/** The keys, for display. */
	readonly keys: string;
}

/** The resource that tunes a host. */
export interface Owner {
	/** Created with the resource, and known only to it and the host. */
	readonly token: string;
	/** `PROJECT/STACK`. */
	readonly stack: string;
	/** The host's name in that stack's inventory. */
	readonly name: string;
}

/** Everything one `probe` said. */
export interface Report {
	/** Of the program; undefined when it does not report one. */
	readonly version?: string | undefined;
	/** The program's SHA-256; `-` when it runs from standard input. */
	readonly program: string;
	readonly bootId: string;
	/** SHA-256 of the settings applied last; undefined before the first apply. */
	readonly settingsHash: string | undefined;
	/** The verb that was interrupted, if one was. */
	readonly interrupted: string | undefined;
	/** Whether a boot-time change, or its removal, waits for a reboot. */
	readonly rebootRequired: boolean;
	/** SHA-256 of the settings that the reboot into this boot did not apply. */
	readonly notApplied: string | undefined;
	/** Whether metaltune.service is still running; only from `status`. */
	readonly isActivating: boolean;
	readonly provisional: readonly ProvisionalChange[];
	/** Why the host reverted to the previous settings, if it did. */
	readonly rolledBack: string | undefined;
	/** Undefined when no resource has claimed the host. */
	readonly owner: Owner | undefined;
	/**
	 * Records of the host program that are damaged or missing; it keeps two
	 * copies.
	 */
	readonly damaged: readonly string[];
	/** Only from `probe --installed`: the settings that the host received last. */
	readonly settings: readonly Setting[];
	readonly facts: readonly Fact[];
	/** The host's verdicts, in the order of the requested settings. */
	readonly findings: readonly Finding[];
}
