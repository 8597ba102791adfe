/** Everything that a host said of itself. See docs/host-program.md, "Report". */
import type { Fact } from "./facts";
import type { Setting } from "./settings";
import type { Finding } from "./verdict";

/** What a host will undo unless a login confirms it. */
export interface Trial {
	/** `live` since it was applied, `boot` from the reboot on. */
	readonly kind: "live" | "boot";
	/** Whether only a login is missing, not the reboot that tries it. */
	readonly begun: boolean;
	/** Names the change that a confirmation keeps; `-` when none does. */
	readonly change: string;
	/** The keys, for a person. */
	readonly keys: string;
}

/** The resource that tunes a host. */
export interface Owner {
	/** Made with the resource, and known to nobody else. */
	readonly token: string;
	/** `PROJECT/STACK`. */
	readonly stack: string;
	/** The host's name in that stack's inventory. */
	readonly name: string;
}

/** Everything one `probe` said. */
export interface Report {
	/** Of the program; undefined where it does not say. */
	readonly version?: string | undefined;
	/** By which the program is known; `-` of one on standard input. */
	readonly program: string;
	readonly bootId: string;
	/** SHA-256 of the settings applied last, undefined before any. */
	readonly settingsHash: string | undefined;
	/** The verb that was interrupted, if one was. */
	readonly interrupted: string | undefined;
	/** Whether a boot-time change, or its removal, waits for a reboot. */
	readonly rebootRequired: boolean;
	/** SHA-256 of the settings that the reboot into this boot did not apply. */
	readonly notApplied: string | undefined;
	/** Whether metaltune.service is still at work; only from `status`. */
	readonly isActivating: boolean;
	readonly trials: readonly Trial[];
	/** Why the settings before the last ones are in effect again, if they are. */
	readonly rolledBack: string | undefined;
	/** Undefined when the host belongs to no resource that has said so. */
	readonly owner: Owner | undefined;
	/** Records of the host program that are damaged or missing, kept twice. */
	readonly damaged: readonly string[];
	/** Only from `probe --installed`: the settings the host was given last. */
	readonly settings: readonly Setting[];
	readonly facts: readonly Fact[];
	/** The host's verdicts, in the order of the settings that were asked for. */
	readonly findings: readonly Finding[];
}
