/** An interrupt on an application's CPU delays the application by microseconds. */

import { difference, intersection, union } from "../../model/cpuSet";
import { applicationsOf, pinnedCpus } from "../applicationCpus";
import { interruptCpus, steeringCpus, unionOf } from "../cpus";
import { isolatedCpus, tuningOf } from "../declaredTuning";
import type { HostRule } from "../rule";

export const interruptsOffApplications: HostRule = {
	name: "interruptsOffApplications",
	topic: "interrupts",
	scope: "host",
	severity: "mandatory",
	demand:
		"Interrupts and packets that RPS steers stay off isolated CPUs and the CPUs of applications. NIC queues may use the CPUs of an application that busy-polls",
	reason:
		"Each interrupt evicts the application's data from the caches. RPS interrupts the CPUs that it steers packets to. isolcpus does not change masks that are set explicitly",
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
					wrong: `${cpus} puts interrupts on CPUs ${shared}, which are isolated or used by applications`,
					right: rest === "" ? "choose housekeeping CPUs" : `write ${rest}`,
				},
			];
		});
	},
};
