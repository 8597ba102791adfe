/**
 * The hosts that wait for a host. The failure of that host names them, because
 * no other message says which hosts were not begun. They are remembered in the
 * process from `check` on. They are not in the state, because every step of a
 * deployment writes the whole state again.
 */

interface Checked {
	readonly host?: unknown;
	readonly dependents?: unknown;
	readonly [input: string]: unknown;
}

// Enough to recognise the fleet; a sentence of 500 names is unreadable.
const shown = 20;

function names(dependents: readonly string[]): string {
	const more = dependents.length - shown;
	return `${dependents.slice(0, shown).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** The dependents of this deployment's hosts. */
export function createDependents() {
	const byHost = new Map<unknown, readonly string[]>();
	return {
		/**
		 * Remembers `dependents`, a list of host names, and removes it from the
		 * inputs.
		 */
		take({ dependents, ...inputs }: Checked): Omit<Checked, "dependents"> {
			if (Array.isArray(dependents)) byHost.set(inputs.host, dependents);
			return inputs;
		},
		/** One sentence on the hosts that wait for a host; empty when none does. */
		sentence(host: unknown): string {
			const dependents = byHost.get(host) ?? [];
			return dependents.length === 0
				? ""
				: `not begun before ${host} is ready: ${names(dependents)}`;
		},
	};
}

export type Dependents = ReturnType<typeof createDependents>;
