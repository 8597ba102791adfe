/** Where a described application runs and takes its memory. */
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

/** The CPUs an application is pinned to; none when it is not pinned. */
export function pinnedCpus(application: ApplicationSpec): CpuSet {
	const threads = Object.values(application.threads ?? {});
	const sets = [application.taskset, ...threads.map(({ cpus }) => cpus)];
	return unionOf(sets.filter((cpus) => cpus !== undefined));
}

/** Numbers in a list of nodes; `all` and nothing are no numbers. */
export function nodeNumbers(nodes: string | undefined): readonly number[] {
	return nodes === undefined || nodes === "all"
		? []
		: cpuNumbers(parseCpuList(nodes));
}

/** Nodes of an application's CPUs: of where it is pinned, or else bound. */
export function cpuNodes(
	application: ApplicationSpec,
	topology: Topology,
): readonly number[] {
	const cpus = pinnedCpus(application);
	return isEmpty(cpus)
		? nodeNumbers(application.numactl?.cpunodebind)
		: nodesOf(topology, cpus);
}

/** Nodes from which an application takes memory; none when not known. */
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

/** Nodes on which huge pages are to be: of bound memory, or else of CPUs. */
export function hugePageNodes(
	application: ApplicationSpec,
	topology: Topology,
): readonly number[] {
	const bound = nodeNumbers(application.numactl?.membind);
	return bound.length > 0 ? bound : cpuNodes(application, topology);
}

/** Whether a real-time policy runs any thread, and at what priority at most. */
export function realTimePriority(application: ApplicationSpec): number {
	const threads = Object.values(application.threads ?? {});
	const all = [application.scheduler, ...threads];
	return Math.max(0, ...all.map((each) => each?.priority ?? 0));
}

/** Applications by name, in the order in which they are written. */
export function applicationsOf(
	host: HostSpec,
): readonly (readonly [string, ApplicationSpec])[] {
	return Object.entries(host.applications);
}
