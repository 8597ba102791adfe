/**
 * memory: transparent huge pages, same-page merging, NUMA balancing and swap.
 *
 * Mechanism: one file below /sys/kernel/mm per key, swap areas by swapoff. None
 * of it survives a boot by itself, so metaltune.service sets it again, after
 * swap.target. NUMA balancing is the sysctl kernel.numa_balancing and is
 * declared as such.
 *
 * Latency: a transparent huge page can stall an allocation for compaction or
 * have khugepaged rewrite page tables under a running thread
 * (Documentation/admin-guide/mm/transhuge.rst); KSM turns a write into a copy
 * (Documentation/admin-guide/mm/ksm.rst); a page that was swapped out costs a
 * disk read when it is touched again.
 *
 * Cannot be undone: pages that were merged or collapsed before stay so until
 * they are freed. swapoff needs memory for everything that is swapped out; when
 * there is not enough it fails and says so.
 */
import { type Infer, object } from "../inventory/decode";
import { oneOf, onOff } from "../inventory/scalars";
import type { Setting } from "../inventory/settings";
import type { Tunable } from "./tunable";

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

export const memory: Tunable<Memory> = { name: "memory", decoder, settings };
