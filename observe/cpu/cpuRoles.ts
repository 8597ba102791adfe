/**
 * Which CPUs of a host are quiet. A quiet CPU is reserved for chosen threads.
 * The kernel isolates it or stops its tick, its settings declare that, or an
 * application is pinned to it. The others are housekeeping CPUs. Offline CPUs
 * are in neither set.
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

/** Sets are undefined when they are unknown. */
export interface CpuRoles {
	readonly quiet?: CpuSet;
	/** Quiet CPUs that must run without the tick. */
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

/** Declared settings count as if the kernel had reported them. */
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
