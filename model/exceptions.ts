/** Rules that a host breaks on purpose. */

/** One rule that is broken on purpose. */
export interface Exception {
	/** The person or team that is responsible for it. */
	readonly owner: string;
	readonly reason: string;
	/** The last day on which it is valid, such as 2027-01-31. */
	readonly until: string;
}

/** By the rule's name. */
export type Exceptions = { readonly [rule: string]: Exception };
