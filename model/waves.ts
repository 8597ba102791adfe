/**
 * The order in which the hosts of a fleet are changed. It is pure, so that
 * "never more than maxUnavailable at once" is a property of the dependency
 * graph and not of a run's timing.
 */
import type { HostSpec } from "./hostSpec";

/** A host, and its place among the others of its group. */
export interface Turn {
	readonly spec: HostSpec;
	/**
	 * Name of the host that must be ready first; absent when it may begin at once.
	 */
	readonly after?: string;
	/** Names of all hosts that do not begin before this one is ready. */
	readonly dependents: readonly string[];
}

function groupOrder(hosts: readonly HostSpec[]): readonly Turn[] {
	const rollout = hosts[0]?.rollout;
	const canary = hosts.find(({ name }) => name === rollout?.canary);
	const others = hosts.filter((spec) => spec !== canary);
	const chains = rollout?.maxUnavailable ?? Math.max(1, others.length);
	const chained = others.map((spec, index): Turn => {
		const previous = index < chains ? canary : others[index - chains];
		const dependents = others
			.filter((_, i) => i > index && (i - index) % chains === 0)
			.map(({ name }) => name);
		return previous === undefined
			? { spec, dependents }
			: { spec, after: previous.name, dependents };
	});
	return canary === undefined
		? chained
		: [
				{ spec: canary, dependents: others.map(({ name }) => name) },
				...chained,
			];
}

/**
 * Orders the hosts of a fleet.
 *
 * The canary of a group comes before all its other hosts. These form
 * `maxUnavailable` chains, so that each host waits for only one other host and
 * a free place is used at once. Groups do not wait for each other.
 *
 * @returns every host once, after the host it waits for.
 */
export function rolloutOrder(specs: readonly HostSpec[]): readonly Turn[] {
	const groups = new Set(specs.map(({ group }) => group));
	return [...groups].flatMap((group) =>
		groupOrder(specs.filter((spec) => spec.group === group)),
	);
}
