/** The text of `metaltune explain applications`. */
import type { TunableDocs } from "../inventory/tunable";

export const applicationDocs: TunableDocs = {
	summary: "programs that run on the tuned machine, and what they really got",
	keys: [
		{
			key: "NAME.release",
			meaning: "which release `current` is, by hash of all it is made of",
			values: "follows from binary, args, environment, files and the rest",
		},
		{
			key: "NAME.artifact",
			meaning: "the uploaded binary, and that its files are as they were",
			values:
				"binary: a file, an archive, or a directory with / at its end; sha256",
		},
		{
			key: "NAME.unit",
			meaning: "the text of metaltune-NAME.service",
			values: "user, group, environment, restart and what follows",
		},
		{
			key: "NAME.files.PATH",
			meaning: "a configuration file, and with :mode its permissions",
			values: "files: path, content or source, mode",
		},
		{
			key: "NAME.running",
			meaning:
				"systemd runs this release, also at the next boot, and no other unit or person starts it",
			values: "declared by naming the application",
		},
		{
			key: "NAME.cpus",
			meaning: "Cpus_allowed_list of every thread that has no group",
			values: "taskset: a CPU list",
		},
		{
			key: "NAME.cpunodebind",
			meaning: "no thread may run on CPUs of other nodes",
			values: "numactl: cpunodebind",
		},
		{
			key: "NAME.memory",
			meaning: "the policy of heap, stacks and anonymous memory",
			values: "numactl: membind, interleave, preferred or localalloc",
		},
		{
			key: "NAME.threads.PATTERN.ASPECT",
			meaning: "cpus or scheduler of the threads whose name fits",
			values: "threads: a name, or its beginning and *",
		},
		{
			key: "NAME.scheduler",
			meaning: "policy and priority; NAME.nice the niceness",
			values: "scheduler: policy and priority; nice: -20 to 19",
		},
		{
			key: "NAME.limits.LIMIT",
			meaning: "soft and hard limit of every process",
			values: "a number or unlimited",
		},
		{
			key: "NAME.capabilities",
			meaning: "the ambient set, as /proc/PID/status prints it",
			values: "capabilities: a list such as CAP_SYS_NICE",
		},
		{
			key: "NAME.hugePages",
			meaning:
				"kB of huge pages it has mapped; NAME.hugetlbfs that it may use the mounts",
			values: "hugetlbfs: true",
		},
		{
			key: "NAME.health",
			meaning: "what a deployment waits for; NAME.loadTest is run by hand",
			values: "command, tcp or http, and timeoutSeconds",
		},
	],
	layers: ["live", "boot"],
	needsReboot: "never",
	risks: [
		"a deployment restarts what deviates, except threads that only have to be moved",
		"arguments, environment and files are readable in Pulumi's state: no secrets",
		"SCHED_FIFO on every CPU of the housekeeping set starves the host",
	],
	cannotBeUndone: "what the program did; its artifacts are removed",
	persistence:
		"metaltune-NAME.service, enabled; releases in /opt/metaltune/NAME",
	sources: [
		"numactl(8), taskset(1), sched(7), numa(7)",
		"systemd.exec(5), systemd.service(5)",
		"Documentation/filesystems/proc.rst, Documentation/admin-guide/mm/numa_memory_policy.rst",
	],
	example: `applications:
  fx-store:
    binary: artifacts/fx-store
    args: [server]
    numactl: {cpunodebind: 0, membind: 0}
    taskset: 8-15
    limits: {nofile: 65536, memlock: unlimited}
    health: {tcp: 9000}`,
};
