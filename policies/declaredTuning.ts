/** Reads the declared tuning of a host, with the types of its decoders. */

import type { Tunable } from "../inventory/tunable";
import {
	type CpuSet,
	CpuSetError,
	cpuSetOf,
	parseCpuList,
	union,
} from "../model/cpuSet";
import type { HostSpec } from "../model/hostSpec";
import type { ethtool } from "../tunables/ethtool";
import type { hugePages } from "../tunables/hugePages";
import type { irqAffinity } from "../tunables/irqAffinity";
import type { irqbalance } from "../tunables/irqbalance";
import type { kernelCommandLine } from "../tunables/kernelCommandLine";
import type { memory } from "../tunables/memory";
import type { receiveScaling } from "../tunables/receiveScaling";
import type { smt } from "../tunables/smt";
import type { sysctl } from "../tunables/sysctl";
import type { workqueue } from "../tunables/workqueue";
import type { xdp } from "../tunables/xdp";

type Section<T> = T extends Tunable<infer Spec> ? Spec : never;

export interface Tuning {
	readonly ethtool?: Section<typeof ethtool>;
	readonly hugePages?: Section<typeof hugePages>;
	readonly irqAffinity?: Section<typeof irqAffinity>;
	readonly irqbalance?: Section<typeof irqbalance>;
	readonly kernelCommandLine?: Section<typeof kernelCommandLine>;
	readonly memory?: Section<typeof memory>;
	readonly receiveScaling?: Section<typeof receiveScaling>;
	readonly smt?: Section<typeof smt>;
	readonly sysctl?: Section<typeof sysctl>;
	readonly workqueue?: Section<typeof workqueue>;
	readonly xdp?: Section<typeof xdp>;
}

/** The tuning of a host, which its decoders have checked. */
export function tuningOf(host: HostSpec): Tuning {
	return host.tuning as Tuning;
}

/** A parameter's name with _ for -, which the kernel treats as equal. */
export function parameterName(written: string): string {
	return written.replaceAll("-", "_");
}

function isPresent({ match }: { readonly match: string }): boolean {
	return match !== "absent";
}

/** A parameter as declared; of two spellings, one that is not absent. */
function written(host: HostSpec, name: string) {
	const found = Object.entries(tuningOf(host).kernelCommandLine ?? {}).filter(
		([key]) => parameterName(key) === parameterName(name),
	);
	return found.find(([, parameter]) => isPresent(parameter)) ?? found[0];
}

/** A parameter's value, "" without one; undefined if it is absent. */
export function parameterOf(host: HostSpec, name: string): string | undefined {
	const [, parameter] = written(host, name) ?? [];
	return parameter && isPresent(parameter) ? parameter.value : undefined;
}

/** The path of a parameter, declared or not. */
export function parameterPath(host: HostSpec, name: string): string {
	const [key = name] = written(host, name) ?? [];
	return `tuning.kernelCommandLine.${key}`;
}

export const isolationParameters = [
	"isolcpus",
	"nohz_full",
	"rcu_nocbs",
] as const;

/** Parameters that are CPU lists, without irqaffinity. */
export const cpuParameters = [
	...isolationParameters,
	"kthread_cpus",
	"systemd.cpu_affinity",
	"workqueue.unbound_cpus",
] as const;

/** CPUs of a list; undefined if invalid. Decoders check names with _ only. */
function cpusIn(list: string): CpuSet | undefined {
	try {
		return parseCpuList(list);
	} catch (error) {
		if (!(error instanceof CpuSetError)) throw error;
		return undefined;
	}
}

/** The CPUs of a parameter, without flags such as managed_irq. */
export function parameterCpus(
	host: HostSpec,
	name: (typeof cpuParameters)[number] | "irqaffinity",
): CpuSet | undefined {
	const value = parameterOf(host, name);
	if (value === undefined) return undefined;
	const list = value.split(",").filter((part) => /^\d/.test(part));
	return cpusIn(list.join(","));
}

/** CPUs in isolcpus or nohz_full. */
export function isolatedCpus(host: HostSpec): CpuSet {
	return union(
		parameterCpus(host, "isolcpus") ?? cpuSetOf([]),
		parameterCpus(host, "nohz_full") ?? cpuSetOf([]),
	);
}

/** A sysctl's declared value, or its declared minimum. */
export function sysctlOf(host: HostSpec, key: string): string | undefined {
	const declared = tuningOf(host).sysctl?.[key];
	return typeof declared === "object" ? declared.atLeast : declared;
}
