/** What a host's description asks for, with the types its decoders gave it. */

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

/** The tuning of a host; its decoders have already checked it. */
export function tuningOf(host: HostSpec): Tuning {
	return host.tuning as Tuning;
}

/** One spelling of a parameter's name, as the kernel takes - for _. */
export function parameterName(written: string): string {
	return written.replaceAll("-", "_");
}

function isPresent({ match }: { readonly match: string }): boolean {
	return match !== "absent";
}

/** A parameter as it is written; of two spellings, one that is to be there. */
function written(host: HostSpec, name: string) {
	const found = Object.entries(tuningOf(host).kernelCommandLine ?? {}).filter(
		([key]) => parameterName(key) === parameterName(name),
	);
	return found.find(([, parameter]) => isPresent(parameter)) ?? found[0];
}

/** A parameter's value, "" without one; undefined when it is not to be there. */
export function parameterOf(host: HostSpec, name: string): string | undefined {
	const [, parameter] = written(host, name) ?? [];
	return parameter && isPresent(parameter) ? parameter.value : undefined;
}

/** Where a parameter is written, or would be. */
export function parameterPath(host: HostSpec, name: string): string {
	const [key = name] = written(host, name) ?? [];
	return `tuning.kernelCommandLine.${key}`;
}

export const isolationParameters = [
	"isolcpus",
	"nohz_full",
	"rcu_nocbs",
] as const;

/** CPUs of a list; decoders check that of one spelling only. */
function cpusIn(list: string): CpuSet | undefined {
	try {
		return parseCpuList(list);
	} catch (error) {
		if (!(error instanceof CpuSetError)) throw error;
		return undefined;
	}
}

/** The CPUs of a parameter that names some, without its flags. */
export function parameterCpus(
	host: HostSpec,
	name: (typeof isolationParameters)[number] | "irqaffinity",
): CpuSet | undefined {
	const value = parameterOf(host, name);
	if (value === undefined) return undefined;
	const list = value.split(",").filter((part) => /^\d/.test(part));
	return cpusIn(list.join(","));
}

/** CPUs that are kept free for applications, by the scheduler or the tick. */
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
