/**
 * Who waits for a host: said when it fails, as nobody else can tell then which
 * hosts were not even begun. It is remembered from `check` to the failure, in
 * one process, and left out of the state, where every byte is written again
 * with every step of a deployment.
 */

interface Checked {
	readonly host?: unknown;
	readonly followers?: unknown;
	readonly [input: string]: unknown;
}

// Enough to recognise the fleet; a sentence of 500 names helps nobody.
const shown = 20;

function names(followers: readonly string[]): string {
	const more = followers.length - shown;
	return `${followers.slice(0, shown).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** What is known of the hosts of this deployment. */
export function createFollowers() {
	const byHost = new Map<unknown, readonly string[]>();
	return {
		/** Remembers `followers`, a list of host names, and takes it out. */
		take({ followers, ...inputs }: Checked): Omit<Checked, "followers"> {
			if (Array.isArray(followers)) byHost.set(inputs.host, followers);
			return inputs;
		},
		/** One sentence on who waits for a host; empty when nobody does. */
		sentence(host: unknown): string {
			const followers = byHost.get(host) ?? [];
			return followers.length === 0
				? ""
				: `not begun before ${host} is ready: ${names(followers)}`;
		},
	};
}

export type Followers = ReturnType<typeof createFollowers>;
