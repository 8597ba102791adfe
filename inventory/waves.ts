/**
 * The order in which the hosts of a fleet are changed: pure, so that "never
 * more than maxUnavailable at once" is a property of a graph and not of a
 * run's timing.
 */
import type { HostSpec } from "./hostSpec";

/** A host, and the one that must be ready before it is touched. */
export interface Turn {
	readonly spec: HostSpec;
	/** A host's name; absent for those that wait for nobody. */
	readonly after?: string;
}

function groupOrder(hosts: readonly HostSpec[]): readonly Turn[] {
	const rollout = hosts[0]?.rollout;
	const canary = hosts.find(({ name }) => name === rollout?.canary);
	const others = hosts.filter((spec) => spec !== canary);
	const chains = rollout?.maxUnavailable ?? others.length;
	const first = canary === undefined ? [] : [{ spec: canary }];
	return [
		...first,
		...others.map((spec, index) => {
			const previous = index < chains ? canary : others[index - chains];
			return previous === undefined ? { spec } : { spec, after: previous.name };
		}),
	];
}

/**
 * Orders the hosts of a fleet.
 *
 * The canary of a group comes before all its others. These then form
 * `maxUnavailable` chains, so that each host waits for a single other one,
 * and a free place is taken at once. Groups do not wait for each other.
 *
 * @returns every host once, after the one it waits for.
 */
export function rolloutOrder(specs: readonly HostSpec[]): readonly Turn[] {
	const groups = new Set(specs.map(({ group }) => group));
	return [...groups].flatMap((group) =>
		groupOrder(specs.filter((spec) => spec.group === group)),
	);
}

/**
 * Hosts of which nothing was changed because others were not ready.
 *
 * @param ready names of the hosts that are.
 * @returns names, in the order of `turns`.
 */
export function untouched(
	turns: readonly Turn[],
	ready: ReadonlySet<string>,
): readonly string[] {
	return turns
		.filter(({ after }) => after !== undefined && !ready.has(after))
		.map(({ spec }) => spec.name);
}
