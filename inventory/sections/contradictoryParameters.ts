/**
 * Kernel settings that are declared twice: as a sysctl, on the command line, or
 * by a tunable that writes below /sys.
 */
import type { Asked, Contradiction } from "./contradiction";

/** Pages of the kernel's default huge page size; undefined without any. */
function defaultPages(asked: Asked) {
	const size = asked.find("kernelCommandLine", "default_hugepagesz")?.value;
	const isGigantic = size?.toUpperCase() === "1G";
	const kernelSize = isGigantic ? "1048576kB" : "2048kB";
	const pools = asked
		.of("hugePages")
		.filter(({ key }) => key.endsWith(`.${kernelSize}`));
	if (pools.length === 0) return undefined;
	return {
		key: isGigantic ? "1G" : "2M",
		count: pools.reduce((sum, { value }) => sum + Number(value), 0),
	};
}

/** `16`, or `0:8,1:8` by node. */
function pagesOf(value: string): number {
	return value
		.split(",")
		.reduce((sum, part) => sum + Number(part.split(":").at(-1)), 0);
}

/**
 * Page counts that rule out the declared pool. A pool is a minimum, so more
 * pages are allowed, and so is a boot that begins with fewer.
 */
function hugePageContradictions(asked: Asked): readonly Contradiction[] {
	const pool = defaultPages(asked);
	if (pool === undefined) return [];
	const other = ["hugePages", pool.key] as const;
	const ways = [
		["sysctl", "vm.nr_hugepages"],
		["sysctl", "vm.nr_hugepages_mempolicy"],
		["kernelCommandLine", "hugepages"],
	] as const;
	return ways.flatMap(([section, key]) => {
		const setting = asked.find(section, key);
		if (setting === undefined || setting.match === "absent") return [];
		const pages = pagesOf(setting.value);
		const isFixed = section === "sysctl" && setting.match === "exact";
		// The line then names 1G pages twice, and the kernel takes the first number.
		const isTwice = section === "kernelCommandLine" && pool.key === "1G";
		const isPossible =
			!isTwice &&
			(pool.count === 0 ? pages === 0 : !isFixed || pages >= pool.count);
		if (isPossible) return [];
		return [
			{
				at: [section, key],
				other,
				why: `it asks for ${setting.value} of the same pages of which hugePages asks for ${pool.count}; remove this key, as hugePages also places them on nodes`,
			},
		];
	});
}

const isWithoutThreads = (value: string) =>
	value.split(/[,; ]/).includes("nosmt");

/** Parameters that switch second threads off although `smt` keeps them on. */
function smtContradictions(asked: Asked): readonly Contradiction[] {
	if (asked.find("smt", "control")?.value !== "on") return [];
	return asked
		.of("kernelCommandLine")
		.filter(
			({ key, match, value }) =>
				match !== "absent" && (key === "nosmt" || isWithoutThreads(value)),
		)
		.map(({ key }) => ({
			at: ["kernelCommandLine", key] as const,
			other: ["smt"] as const,
			why: "it switches the second threads of cores off, which smt: on wants; change one of the two",
		}));
}

// Documentation/admin-guide/sysctl/vm.rst; tunables/sysctl reverts them as a pair.
const exclusiveLimits = [
	["vm.dirty_bytes", "vm.dirty_ratio"],
	["vm.dirty_background_bytes", "vm.dirty_background_ratio"],
	["vm.overcommit_kbytes", "vm.overcommit_ratio"],
] as const;

const balancing = { enable: "1", disable: "0" } as const;

/** `numa_balancing=`, and the sysctl that overrides it after boot. */
function numaContradictions(asked: Asked): readonly Contradiction[] {
	const parameter = asked.find("kernelCommandLine", "numa_balancing")?.value;
	const sysctl = asked.find("sysctl", "kernel.numa_balancing");
	if (parameter !== "enable" && parameter !== "disable") return [];
	if (sysctl === undefined || sysctl.match !== "exact") return [];
	if ((sysctl.value === "0") === (balancing[parameter] === "0")) return [];
	return [
		{
			at: ["kernelCommandLine", "numa_balancing"],
			other: ["sysctl", "kernel.numa_balancing"],
			why: `it says ${parameter}, but the sysctl, which memory.numaBalancing sets too, is ${sysctl.value}; keep one of the two`,
		},
	];
}

/** Limits of which only one is in force: writing one sets the other to 0. */
function limitContradictions(asked: Asked): readonly Contradiction[] {
	return exclusiveLimits
		.filter((pair) => pair.every((key) => asked.find("sysctl", key)))
		.map(([bytes, ratio]) => ({
			at: ["sysctl", bytes] as const,
			other: ["sysctl", ratio] as const,
			why: "the kernel keeps only one of the two in force, and shows the other as 0; keep one",
		}));
}

/** Open files of a login above the declared maximum: each login would fail. */
function openFilesContradictions(asked: Asked): readonly Contradiction[] {
	const most = asked.find("sysctl", "fs.nr_open");
	if (most === undefined || most.match !== "exact") return [];
	return asked
		.of("limits")
		.filter(
			({ key, value }) =>
				key.includes(".nofile.") && Number(value) > Number(most.value),
		)
		.map(({ key }) => ({
			at: ["limits", ...key.split(".").slice(0, 2)] as const,
			other: ["sysctl", "fs.nr_open"] as const,
			why: `a login with more open files than ${most.value} can fail; lower this limit, or raise fs.nr_open`,
		}));
}

/** Every kernel setting that is declared twice with different values. */
export function parameterContradictions(
	asked: Asked,
): readonly Contradiction[] {
	return [
		...hugePageContradictions(asked),
		...smtContradictions(asked),
		...numaContradictions(asked),
		...limitContradictions(asked),
		...openFilesContradictions(asked),
	];
}
