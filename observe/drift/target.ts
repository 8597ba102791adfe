/**
 * One host to query: its login, its declared settings, and its accepted
 * deviations.
 */

import type { Setting } from "../../model/settings";
import type { Finding } from "../../model/verdict";
import type { RemoteConnection } from "../../ssh/remoteConnection";

/** When a host was last proved to be as declared. */
export interface Proof {
	/** RFC 3339. */
	readonly time: string;
	/** Of the run that proved it, where the stack's history has it. */
	readonly commit?: string;
	readonly bootId: string;
}

/** Where the declared values come from: a directory, or a stack's state. */
export type Judged =
	| { readonly inventory: string }
	| { readonly stack: string };

export interface Target {
	readonly name: string;
	/** `user@host:port`, for display. */
	readonly login: string;
	/** Or a sentence on why it cannot be reached from here. */
	readonly connection: RemoteConnection | string;
	readonly settings: readonly Setting[];
	/** Whether a stack has deployed it, so that its program was installed too. */
	readonly deployed: boolean;
	/** SHA-256 of the host program that should be installed. */
	readonly program: string;
	/** Whether a deviation is known and accepted. */
	readonly accepts: (finding: Finding) => boolean;
	/** The note for a host that last received other settings. */
	readonly otherSettings: string;
	readonly proof?: Proof;
	/** Setting ids that waited for a reboot after the last `pulumi up`. */
	readonly awaited: readonly string[];
}
