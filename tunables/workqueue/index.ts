/**
 * workqueue: the CPUs on which the kernel runs deferred work that is bound to no
 * CPU.
 *
 * The kernel uses masks; settings are CPU lists, so that reports match the
 * inventory. A work queue created later inherits the mask. The parameter
 * workqueue.unbound_cpus, for work before metaltune.service runs, can be declared
 * under kernelCommandLine.
 *
 * The mask bounds those that work queues have of their own: the kernel intersects both
 * (Documentation/core-api/workqueue.rst). Boot: metaltune.service writes it once.
 */
import { type Infer, object } from "../../inventory/decode/decoder";
import { cpuList } from "../../inventory/decode/scalars";
import type { Tunable } from "../../inventory/tunable";
import type { Setting } from "../../model/settings";

const decoder = object(
	{
		required: { cpus: cpuList("CPUs for unbound work") },
		optional: {
			writebackCpus: cpuList("CPUs that write dirty pages to disks"),
		},
	},
	"CPUs for the kernel's deferred work",
);

type Workqueue = Infer<typeof decoder>;

export const workqueue: Tunable<Workqueue> = {
	name: "workqueue",
	docs: {
		summary: "CPUs for the kernel's deferred work",
		keys: [
			{
				key: "cpus",
				meaning:
					"where unbound work queues run; work on an isolated CPU costs its application a context switch",
				values: "a CPU list",
			},
			{
				key: "writebackCpus",
				meaning: "where dirty pages are written to disks",
				values: "a CPU list",
			},
		],
		layers: ["live", "boot"],
		needsReboot: "never",
		risks: ["too few CPUs make the kernel's own work queue up"],
		cannotBeUndone: "nothing",
		persistence: "metaltune.service",
		sources: [
			"Documentation/core-api/workqueue.rst, Affinity Scopes",
			"Documentation/admin-guide/kernel-per-CPU-kthreads.rst, kworker",
		],
		example: "workqueue: {cpus: 0-7, writebackCpus: 0-7}",
	},
	decoder,
	settings: (spec) =>
		Object.entries(spec).map(
			([key, cpus]): Setting => ({
				tunable: "workqueue",
				key,
				match: "cpuSet",
				value: cpus,
				effect: "live",
			}),
		),
};
