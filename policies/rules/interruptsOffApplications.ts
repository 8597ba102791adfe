/** An interrupt on an application's CPU costs it microseconds at a time. */

import { difference, intersection, union } from "../../model/cpuSet";
import { applicationsOf, pinnedCpus } from "../applications";
import { interruptCpus, steeringCpus, unionOf } from "../cpus";
import type { HostRule } from "../rule";
import { isolatedCpus, tuningOf } from "../tuning";

export const interruptsOffApplications: HostRule = {
	name: "interruptsOffApplications",
	topic: "interrupts",
	scope: "host",
	severity: "mandatory",
	demand:
		"interrupts, and packets that RPS steers, stay off isolated CPUs and those of applications, but for queues of one that busy-polls there",
	reason:
		"every interrupt evicts what the application had in its caches, RPS sends one for what it steers, and isolcpus does not move masks that are set explicitly",
	source:
		"Documentation/core-api/irq/irq-affinity.rst; Documentation/networking/scaling.rst, RPS",
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
		const all = [...interruptCpus(host), ...steeringCpus(host)];
		return all.flatMap(({ path, cpus }) => {
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
