/**
 * memory: transparent huge pages, same-page merging, NUMA balancing and swap.
 *
 * One file below /sys/kernel/mm per key. Since Linux 6.8 every size of huge pages has a
 * file as well: a size that gives more than the declared word is set to inherit, and so is
 * the main size where it differs (Documentation/admin-guide/mm/transhuge.rst). swapoff
 * disables swap areas. None of these persists, so metaltune.service sets them again at boot, after swap.target. NUMA
 * balancing is the sysctl kernel.numa_balancing and is declared as such.
 */
import { type Infer, object } from "../../inventory/decode/decoder";
import { oneOf, onOff } from "../../inventory/decode/scalars";
import type { Tunable } from "../../inventory/tunable";
import type { Setting } from "../../model/settings";

const decoder = object(
	{
		optional: {
			transparentHugePages: oneOf(
				["always", "madvise", "never"],
				"Who gets transparent huge pages",
			),
			transparentHugePagesDefrag: oneOf(
				["always", "defer", "defer+madvise", "madvise", "never"],
				"Who waits for memory to be compacted into huge pages",
			),
			ksm: onOff("Merging of equal pages"),
			numaBalancing: onOff("Moving of pages towards the CPUs that use them"),
			swap: oneOf(["off"], "All swap areas are switched off"),
		},
	},
	"Memory management of the kernel",
);

type Memory = Infer<typeof decoder>;

function exact(tunable: string, key: string, value: string): Setting {
	return { tunable, key, match: "exact", value, effect: "live" };
}

const bit = { on: "1", off: "0" } as const;

function settings(spec: Memory): readonly Setting[] {
	const { ksm, numaBalancing, ...words } = spec;
	return [
		...Object.entries(words).map(([key, word]) => exact("memory", key, word)),
		...(ksm === undefined ? [] : [exact("memory", "ksm", bit[ksm])]),
		...(numaBalancing === undefined
			? []
			: [exact("sysctl", "kernel.numa_balancing", bit[numaBalancing])]),
	];
}

export const memory: Tunable<Memory> = {
	name: "memory",
	docs: {
		summary: "transparent huge pages, page merging, NUMA balancing, swap",
		keys: [
			{
				key: "transparentHugePages",
				meaning:
					"the processes that get them; one can stall an allocation, or have khugepaged rewrite page tables under a running thread",
				values: "always, madvise, never",
			},
			{
				key: "transparentHugePagesDefrag",
				meaning: "the allocations that wait for memory to be compacted",
				values: "always, defer, defer+madvise, madvise, never",
			},
			{
				key: "ksm",
				meaning: "merging of equal pages, which turns a write into a copy",
				values: "on, off",
			},
			{
				key: "numaBalancing",
				meaning:
					"moving of pages towards the CPUs that use them; reported as sysctl kernel.numa_balancing",
				values: "on, off",
			},
			{
				key: "swap",
				meaning:
					"a page that was swapped out costs a disk read when it is touched again",
				values: "off",
			},
		],
		layers: ["live", "boot"],
		needsReboot: "never",
		risks: [
			"swapoff needs memory for everything that is swapped out; when there is not enough it fails and says so",
			"without swap, memory that runs out ends a process",
		],
		cannotBeUndone:
			"pages that were merged or collapsed before stay so until they are freed",
		persistence: "metaltune.service",
		sources: [
			"Documentation/admin-guide/mm/transhuge.rst",
			"Documentation/admin-guide/mm/ksm.rst",
			"Documentation/admin-guide/sysctl/kernel.rst, numa_balancing",
		],
		example: `memory:
  transparentHugePages: never
  ksm: off
  numaBalancing: off
  swap: off`,
	},
	decoder,
	settings,
};
