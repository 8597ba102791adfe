/**
 * Which CPUs of a host must be left alone. A quiet CPU is one that somebody
 * wants for threads of his own: the kernel isolates it or keeps the tick off
 * it, or that is declared of it, or it is an application's. The others keep
 * house. CPUs that are offline are none of either.
 */
import {
	type CpuSet,
	cpuSetOf,
	difference,
	intersection,
	parseCpuList,
	union,
} from "../../model/cpuSet";
import { type Setting, settingId } from "../../model/settings";
import type { Watched } from "./watched";

/** Sets are undefined when nobody could tell. */
export interface CpuRoles {
	readonly quiet?: CpuSet;
	/** Those quiet ones that must do without the tick. */
	readonly tickless?: CpuSet;
	readonly housekeeping?: CpuSet;
}

const ticklessNames = /^kernelCommandLine\.nohz_full$/;
const quietNames =
	/^(?:kernelCommandLine\.isolcpus|applications\.[^.]+\.(?:threads\..+\.)?cpus)$/;

function declaredCpus(settings: readonly Setting[], names: RegExp): CpuSet {
	return settings
		.filter((setting) => names.test(settingId(setting)))
		.map(({ value }) => parseCpuList(value.replace(/[a-z_]+,/g, "")))
		.reduce(union, cpuSetOf([]));
}

/** What is declared for the host counts as what its kernel says. */
export function cpuRoles(
	{ online, isolated, nohzFull }: Watched,
	settings: readonly Setting[],
): CpuRoles {
	if (
		online === undefined ||
		isolated === undefined ||
		nohzFull === undefined
	) {
		return {};
	}
	const tickless = union(nohzFull, declaredCpus(settings, ticklessNames));
	const others = union(isolated, declaredCpus(settings, quietNames));
	const quiet = intersection(online, union(tickless, others));
	return {
		quiet,
		tickless: intersection(online, tickless),
		housekeeping: difference(online, quiet),
	};
}
