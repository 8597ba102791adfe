/**
 * The calls that a resource type of this provider implements. Properties are
 * plain data with every secret opened; a failure is thrown as one sentence.
 */

import type { Pool } from "../ssh/pool";
import type { Dependents } from "./dependents";
import type { EngineLog } from "./engineLog";
import type { Claims } from "./owner";
import type { ProvisionalWatch } from "./provisionalWatch";

/** What both resource types use. */
export interface HostTools {
	readonly pool: Pool;
	/** For waiting on reboots: a single login attempt. */
	readonly noRetryPool: Pool;
	readonly log: EngineLog;
	readonly dependents: Dependents;
	readonly provisional: ProvisionalWatch;
	readonly claims: Claims;
}

export interface Difference {
	readonly changes: boolean;
	/** Inputs whose change replaces the resource. */
	readonly replaces: readonly string[];
}

export interface ResourceHandler<Inputs, State> {
	id(inputs: Inputs): string;
	diff(olds: State, news: Inputs): Difference;
	create(urn: string, inputs: Inputs): Promise<State>;
	update(urn: string, olds: State, news: Inputs): Promise<State>;
	/** The current state of the world, and the inputs that would produce it. */
	read(
		urn: string,
		state: State,
	): Promise<{ readonly state: State; readonly inputs: Inputs | undefined }>;
	delete(urn: string, state: State): Promise<void>;
}
