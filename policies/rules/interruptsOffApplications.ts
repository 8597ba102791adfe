/** An interrupt on an application's CPU costs it microseconds at a time. */

import { difference, intersection, union } from "../../inventory/cpuSet";
import { applicationsOf, pinnedCpus } from "../applications";
import { interruptCpus, unionOf } from "../cpus";
import type { HostRule } from "../rule";
import { isolatedCpus, tuningOf } from "../tuning";

export const interruptsOffApplications: HostRule = {
	name: "interruptsOffApplications",
	topic: "interrupts",
	scope: "host",
	severity: "mandatory",
	demand:
		"interrupts stay off isolated CPUs and those of applications, but for queues of one that busy-polls there",
	reason:
		"every interrupt evicts what the application had in its caches, and isolcpus does not move masks that are set explicitly",
	source: "Documentation/core-api/irq/irq-affinity.rst",
	judge: (host) => {
		const applications = applicationsOf(host).map(([, each]) => each);
		const taken = union(
			isolatedCpus(host),
			unionOf(applications.map(pinnedCpus)),
		);
		const polled = unionOf(
			applications.filter(({ busyPoll }) => busyPoll).map(pinnedCpus),
		);
		const nics = Object.keys(tuningOf(host).irqAffinity?.nics ?? {});
		const queues = nics.map((nic) => `tuning.irqAffinity.${nic}`);
		return interruptCpus(host).flatMap(({ path, cpus }) => {
			const allowed = queues.includes(path) ? difference(taken, polled) : taken;
			const shared = intersection(cpus, allowed);
			if (shared === "") return [];
			const rest = difference(cpus, shared);
			return [
				{
					host: host.name,
					path,
					wrong: `${cpus} puts interrupts on ${shared}, which applications have to themselves`,
					right: rest === "" ? "choose housekeeping CPUs" : `write ${rest}`,
				},
			];
		});
	},
};
