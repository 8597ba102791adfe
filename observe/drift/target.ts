/**
 * One host to look at: how it is reached, what it should be, and which
 * deviations somebody has already accepted.
 */

import type { Setting } from "../../model/settings";
import type { Finding } from "../../model/verdict";
import type { RemoteConnection } from "../../ssh/connection";

/** When a host was last proved to be as declared. */
export interface Proof {
	/** RFC 3339. */
	readonly time: string;
	/** Of the run that proved it, where the stack's history says so. */
	readonly commit?: string;
	readonly bootId: string;
}

/** Where the declared values come from: a directory, or a stack's state. */
export type Judged =
	| { readonly inventory: string }
	| { readonly stack: string };

export interface Target {
	readonly name: string;
	/** `user@host:port`, for a person. */
	readonly login: string;
	/** Or a sentence on why it cannot be reached from here. */
	readonly connection: RemoteConnection | string;
	readonly settings: readonly Setting[];
	/** Whether a stack has deployed it, so that its program was installed too. */
	readonly deployed: boolean;
	/** By which the host program that should be installed is known. */
	readonly program: string;
	/** Whether a deviation is known and left alone. */
	readonly accepts: (finding: Finding) => boolean;
	/** What it means when the host was last given other settings. */
	readonly otherSettings: string;
	readonly proof?: Proof;
	/** Setting ids that waited for a reboot when the stack was last brought up. */
	readonly awaited: readonly string[];
}
