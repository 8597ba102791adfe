/** CPUs, threads and nodes of a described machine, and who asks for them. */

import {
	type CpuSet,
	cpuNumbers,
	cpuSetOf,
	difference,
	intersection,
	isEmpty,
} from "../model/cpuSet";
import type { HostSpec } from "../model/hostSpec";
import type { Topology } from "../model/topology";
import {
	isolatedCpus,
	isolationParameters,
	parameterCpus,
	parameterOf,
	parameterPath,
	tuningOf,
} from "./tuning";

/** A CPU list, and where it is written. */
export interface CpuList {
	readonly path: string;
	readonly cpus: CpuSet;
}

/** The union of any number of sets. */
export function unionOf(sets: readonly CpuSet[]): CpuSet {
	return cpuSetOf(sets.flatMap(cpuNumbers));
}

/** All CPUs of a machine, with second threads. */
export function allCpus({ numaNodes }: Topology): CpuSet {
	return unionOf(numaNodes.map(({ cpus }) => cpus as CpuSet));
}

/** Whether the description switches second threads off. */
export function isSmtOff(host: HostSpec): boolean {
	return (
		tuningOf(host).smt === "off" || parameterOf(host, "nosmt") !== undefined
	);
}

/** The CPUs of the core that `cpu` is a thread of. */
export function siblingsOf(topology: Topology, cpu: number): CpuSet {
	const { threadsPerCore } = topology;
	const threads = Array.from({ length: threadsPerCore }, (_, i) => i);
	if (topology.siblings === "adjacent") {
		const first = cpu - (cpu % threadsPerCore);
		return cpuSetOf(threads.map((thread) => first + thread));
	}
	const cores = cpuNumbers(allCpus(topology)).length / threadsPerCore;
	const core = cpu % cores;
	return cpuSetOf(threads.map((thread) => core + thread * cores));
}

/** CPUs that stay when second threads are off: the first of each core. */
export function firstThreads(topology: Topology): CpuSet {
	const { siblings, threadsPerCore } = topology;
	const cpus = cpuNumbers(allCpus(topology));
	const cores = cpus.length / threadsPerCore;
	return cpuSetOf(
		cpus.filter((cpu) =>
			siblings === "adjacent" ? cpu % threadsPerCore === 0 : cpu < cores,
		),
	);
}

/** The CPUs that the tuned machine has. */
export function usableCpus(host: HostSpec, topology: Topology): CpuSet {
	return isSmtOff(host) ? firstThreads(topology) : allCpus(topology);
}

/** Numbers of the nodes that CPUs belong to, ascending. */
export function nodesOf(topology: Topology, cpus: CpuSet): readonly number[] {
	return topology.numaNodes.flatMap((node, index) =>
		isEmpty(intersection(node.cpus as CpuSet, cpus)) ? [] : [index],
	);
}

function lists(
	at: string,
	values: { readonly [key: string]: CpuSet | undefined } | undefined,
): readonly CpuList[] {
	return Object.entries(values ?? {}).flatMap(([key, cpus]) =>
		cpus === undefined ? [] : [{ path: `${at}.${key}`, cpus }],
	);
}

/** What `local` will be on the host; undefined when that is not described. */
function localCpus(host: HostSpec, nic: string): CpuSet | undefined {
	const { topology } = host;
	const index = topology?.nics?.[nic]?.numaNode ?? -1;
	const node = topology?.numaNodes[index];
	if (topology === undefined || node === undefined) return undefined;
	const online = intersection(usableCpus(host, topology), node.cpus as CpuSet);
	const cpus = difference(online, isolatedCpus(host));
	// The host refuses an empty list, and housekeepingCpus tells why it is one.
	return isEmpty(cpus) ? undefined : cpus;
}

/** CPUs of each NIC's queues, but for a `local` that nobody described. */
export function nicCpus(host: HostSpec): { readonly [nic: string]: CpuSet } {
	const declared = Object.entries(tuningOf(host).irqAffinity?.nics ?? {});
	return Object.fromEntries(
		declared.flatMap(([nic, value]) => {
			const cpus = value === "local" ? localCpus(host, nic) : value;
			return cpus === undefined ? [] : [[nic, cpus] as const];
		}),
	);
}

/** Lists that say where interrupts are served. */
export function interruptCpus(host: HostSpec): readonly CpuList[] {
	const { irqs, default: rest } = tuningOf(host).irqAffinity ?? {};
	const boot = parameterCpus(host, "irqaffinity");
	return [
		...lists("tuning.irqAffinity", nicCpus(host)),
		...lists("tuning.irqAffinity.irqs", irqs),
		...lists("tuning.irqAffinity", { default: rest }),
		...(boot === undefined
			? []
			: [{ path: parameterPath(host, "irqaffinity"), cpus: boot }]),
	];
}

/** Lists that say where what any queue received is processed. */
export function steeringCpus(host: HostSpec): readonly CpuList[] {
	const scaling = Object.entries(tuningOf(host).receiveScaling ?? {});
	return scaling.flatMap(([nic, { rps }]) =>
		lists(`tuning.receiveScaling.${nic}`, { rps }),
	);
}

/** Lists of the kernel's other work. */
function kernelWork(host: HostSpec): readonly CpuList[] {
	const { irqbalance, workqueue, receiveScaling } = tuningOf(host);
	const banned = typeof irqbalance === "object" ? irqbalance : {};
	const scaling = Object.entries(receiveScaling ?? {});
	return [
		...lists("tuning.irqbalance", { ...banned }),
		...lists("tuning.workqueue", { ...workqueue }),
		...scaling.flatMap(([nic, { rps, xps }]) =>
			lists(`tuning.receiveScaling.${nic}`, { rps, xps }),
		),
	];
}

/** Lists of applications and of their threads. */
export function applicationLists(host: HostSpec): readonly CpuList[] {
	return Object.entries(host.applications).flatMap(([name, application]) => [
		...lists(`applications.${name}`, { taskset: application.taskset }),
		...Object.entries(application.threads ?? {}).flatMap(([pattern, thread]) =>
			lists(`applications.${name}.threads.${pattern}`, { cpus: thread.cpus }),
		),
	]);
}

/** Every CPU list of a host's description. */
export function everyCpuList(host: HostSpec): readonly CpuList[] {
	const isolation = isolationParameters.flatMap((name) => {
		const cpus = parameterCpus(host, name);
		return cpus === undefined
			? []
			: [{ path: parameterPath(host, name), cpus }];
	});
	return [
		...isolation,
		...interruptCpus(host),
		...kernelWork(host),
		...applicationLists(host),
	];
}
