/**
 * Who waits for a host: said when it fails, as nobody else can tell then which
 * hosts were not even begun. It is remembered from `check` to the failure, in
 * one process, and left out of the state, where every byte is written again
 * with every step of a deployment.
 */

interface Checked {
	readonly host?: unknown;
	readonly dependents?: unknown;
	readonly [input: string]: unknown;
}

// Enough to recognise the fleet; a sentence of 500 names helps nobody.
const shown = 20;

function names(dependents: readonly string[]): string {
	const more = dependents.length - shown;
	return `${dependents.slice(0, shown).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** What is known of the hosts of this deployment. */
export function createDependents() {
	const byHost = new Map<unknown, readonly string[]>();
	return {
		/** Remembers `dependents`, a list of host names, and takes it out. */
		take({ dependents, ...inputs }: Checked): Omit<Checked, "dependents"> {
			if (Array.isArray(dependents)) byHost.set(inputs.host, dependents);
			return inputs;
		},
		/** One sentence on who waits for a host; empty when nobody does. */
		sentence(host: unknown): string {
			const dependents = byHost.get(host) ?? [];
			return dependents.length === 0
				? ""
				: `not begun before ${host} is ready: ${names(dependents)}`;
		},
	};
}

export type Dependents = ReturnType<typeof createDependents>;
