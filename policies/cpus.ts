/** CPUs and threads of a topology, and all CPU lists of a description. */

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
	cpuParameters,
	isolatedCpus,
	parameterCpus,
	parameterOf,
	parameterPath,
	tuningOf,
} from "./declaredTuning";

/** A CPU list with its place in the description. */
export interface CpuList {
	readonly path: string;
	readonly cpus: CpuSet;
}

/** The union of any number of sets. */
export function unionOf(sets: readonly CpuSet[]): CpuSet {
	return cpuSetOf(sets.flatMap(cpuNumbers));
}

/** All CPUs of a machine, second threads included. */
export function allCpus({ numaNodes }: Topology): CpuSet {
	return unionOf(numaNodes.map(({ cpus }) => cpus as CpuSet));
}

/** Whether the description switches SMT off. */
export function isSmtOff(host: HostSpec): boolean {
	return (
		tuningOf(host).smt === "off" || parameterOf(host, "nosmt") !== undefined
	);
}

/** The threads of every core, the first thread first. */
function coresOf(topology: Topology): readonly (readonly number[])[] {
	const { siblings, singleThreadedCpus, threadsPerCore } = topology;
	const single = singleThreadedCpus ?? cpuSetOf([]);
	const shared = cpuNumbers(difference(allCpus(topology), single));
	const cores = Math.ceil(shared.length / threadsPerCore);
	const threads = Array.from({ length: threadsPerCore }, (_, i) => i);
	const place = (core: number, thread: number) =>
		siblings === "adjacent"
			? core * threadsPerCore + thread
			: core + thread * cores;
	const pairs = Array.from({ length: cores }, (_, core) =>
		threads.flatMap((thread) => shared[place(core, thread)] ?? []),
	);
	return [...pairs, ...cpuNumbers(single).map((cpu) => [cpu])];
}

/** The CPUs of the core that `cpu` is a thread of. */
export function siblingsOf(topology: Topology, cpu: number): CpuSet {
	const core = coresOf(topology).find((threads) => threads.includes(cpu));
	return cpuSetOf(core ?? [cpu]);
}

/** CPUs that stay online with SMT off: the first thread of each core. */
export function firstThreads(topology: Topology): CpuSet {
	return cpuSetOf(coresOf(topology).flatMap(([first]) => first ?? []));
}

/** CPUs that are online once the host is tuned. */
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

/** CPUs that `local` means on the host; undefined without a topology. */
function localCpus(host: HostSpec, nic: string): CpuSet | undefined {
	const { topology } = host;
	const index = topology?.nics?.[nic]?.numaNode ?? -1;
	const node = topology?.numaNodes[index];
	if (topology === undefined || node === undefined) return undefined;
	const online = intersection(usableCpus(host, topology), node.cpus as CpuSet);
	const cpus = difference(online, isolatedCpus(host));
	// The host refuses an empty list; the rule housekeepingCpus has the reason.
	return isEmpty(cpus) ? undefined : cpus;
}

/** CPUs of each NIC's queues, without a `local` that has no topology. */
export function nicCpus(host: HostSpec): { readonly [nic: string]: CpuSet } {
	const declared = Object.entries(tuningOf(host).irqAffinity?.nics ?? {});
	return Object.fromEntries(
		declared.flatMap(([nic, value]) => {
			const cpus = value === "local" ? localCpus(host, nic) : value;
			return cpus === undefined ? [] : [[nic, cpus] as const];
		}),
	);
}

/** CPU lists that decide where interrupts are served. */
export function interruptCpus(host: HostSpec): readonly CpuList[] {
	const { irqs, default: rest, others } = tuningOf(host).irqAffinity ?? {};
	const boot = parameterCpus(host, "irqaffinity");
	return [
		...lists("tuning.irqAffinity", nicCpus(host)),
		...lists("tuning.irqAffinity.irqs", irqs),
		...lists("tuning.irqAffinity", { default: rest, others }),
		...(boot === undefined
			? []
			: [{ path: parameterPath(host, "irqaffinity"), cpus: boot }]),
	];
}

/** CPU lists of RPS, which decide where received packets are processed. */
export function steeringCpus(host: HostSpec): readonly CpuList[] {
	const scaling = Object.entries(tuningOf(host).receiveScaling ?? {});
	return scaling.flatMap(([nic, { rps }]) =>
		lists(`tuning.receiveScaling.${nic}`, { rps }),
	);
}

/** CPU lists of other kernel work. */
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

/** CPU lists of applications and their threads. */
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
	const isolation = cpuParameters.flatMap((name) => {
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
