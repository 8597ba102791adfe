/** CPUs and NUMA nodes of an application, as its description declares them. */
import type { ApplicationSpec } from "../model/application";
import {
	type CpuSet,
	cpuNumbers,
	isEmpty,
	parseCpuList,
} from "../model/cpuSet";
import type { HostSpec } from "../model/hostSpec";
import type { Topology } from "../model/topology";
import { nodesOf, unionOf } from "./cpus";

/** The CPUs that an application is pinned to; empty if it is not pinned. */
export function pinnedCpus(application: ApplicationSpec): CpuSet {
	const threads = Object.values(application.threads ?? {});
	const sets = [application.taskset, ...threads.map(({ cpus }) => cpus)];
	return unionOf(sets.filter((cpus) => cpus !== undefined));
}

/** Node numbers in a list; none for `all` and for an absent list. */
export function nodeNumbers(nodes: string | undefined): readonly number[] {
	return nodes === undefined || nodes === "all"
		? []
		: cpuNumbers(parseCpuList(nodes));
}

/** Nodes of the CPUs that an application is pinned to, or else cpunodebind. */
export function cpuNodes(
	application: ApplicationSpec,
	topology: Topology,
): readonly number[] {
	const cpus = pinnedCpus(application);
	return isEmpty(cpus)
		? nodeNumbers(application.numactl?.cpunodebind)
		: nodesOf(topology, cpus);
}

/** Nodes from which an application takes memory; empty if not declared. */
export function memoryNodes(
	application: ApplicationSpec,
	topology: Topology,
): readonly number[] {
	const { membind, interleave, preferred, localalloc } =
		application.numactl ?? {};
	if (preferred !== undefined) return [preferred];
	if (localalloc === true) return cpuNodes(application, topology);
	return nodeNumbers(membind ?? interleave);
}

/** Nodes that need an application's huge pages: membind, or else its CPUs'. */
export function hugePageNodes(
	application: ApplicationSpec,
	topology: Topology,
): readonly number[] {
	const bound = nodeNumbers(application.numactl?.membind);
	return bound.length > 0 ? bound : cpuNodes(application, topology);
}

/** Highest real-time priority of an application's threads; 0 without one. */
export function realTimePriority(application: ApplicationSpec): number {
	const threads = Object.values(application.threads ?? {});
	const all = [application.scheduler, ...threads];
	return Math.max(0, ...all.map((each) => each?.priority ?? 0));
}

/** Applications with their names, in the order of the description. */
export function applicationsOf(
	host: HostSpec,
): readonly (readonly [string, ApplicationSpec])[] {
	return Object.entries(host.applications);
}
