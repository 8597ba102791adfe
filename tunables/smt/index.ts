/**
 * smt: simultaneous multithreading (hyper-threading) on or off at run time.
 *
 * The switch is used instead of the `nosmt` parameter: it needs no reboot, and
 * leaves one thread per core whatever the firmware's numbering. It comes before
 * every tunable that names single CPUs, since CPUs go offline here.
 *
 * A host without the switch satisfies `off` when smt/active shows that no core runs
 * a second thread; `on` is then unsupported, not failed.
 */
import { onOff } from "../../inventory/decode/scalars";
import type { Tunable } from "../../inventory/tunable";

const decoder = onOff("Second threads of cores");

export const smt: Tunable<"on" | "off"> = {
	name: "smt",
	docs: {
		summary: "hyper-threading: one or all threads of each core",
		keys: [
			{
				key: "control",
				meaning:
					"off takes the second thread of every core offline, so that what runs on a core has its caches and execution units alone",
				values: "on, off",
			},
		],
		layers: ["live", "boot"],
		needsReboot: "never",
		risks: [
			"half of the CPU numbers disappear: declare every other CPU list for the numbers that stay",
			"interrupts and cpusets of CPUs that go offline move to others; irqAffinity is applied afterwards",
			"half the threads, less throughput",
		],
		cannotBeUndone:
			"threads that were pinned to a CPU that went offline lose their affinity; nosmt=force on the command line outlasts revert",
		persistence: "metaltune.service",
		sources: [
			"Documentation/ABI/testing/sysfs-devices-system-cpu, smt/control",
			"Documentation/admin-guide/kernel-parameters.txt, nosmt",
		],
		example: "smt: off",
	},
	decoder,
	settings: (word) => [
		{
			tunable: "smt",
			key: "control",
			match: "exact",
			value: word,
			effect: "live",
		},
	],
};
