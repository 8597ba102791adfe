/** A real-time thread that never sleeps starves the kernel's own. */
import { applicationsOf, realTimePriority } from "../applications";
import type { HostRule } from "../rule";
import { parameterOf, sysctlOf } from "../tuning";

/** The migration and watchdog threads; nothing else may be as high. */
const highest = 99;

export const realTimeDecided: HostRule = {
	name: "realTimeDecided",
	topic: "applications",
	scope: "host",
	severity: "mandatory",
	demand:
		"real-time priorities are below those of the kernel threads that must run, or it is decided what throttles them",
	reason:
		"RCU's threads run at rcutree.kthread_prio, by default 1 with CONFIG_RCU_BOOST and without real-time priority else: a thread above them that never sleeps holds up every grace period until the machine runs out of memory",
	source:
		"Documentation/RCU/stallwarn.rst; Documentation/scheduler/sched-rt-group.rst",
	judge: (host) => {
		const throttle = sysctlOf(host, "kernel.sched_rt_runtime_us");
		const declared = parameterOf(host, "rcutree.kthread_prio");
		const rcu = Number(declared ?? 1);
		return applicationsOf(host).flatMap(([name, application]) => {
			const priority = realTimePriority(application);
			const isSafe = priority < Math.min(rcu, highest);
			return priority === 0 || isSafe || throttle !== undefined
				? []
				: [
						{
							host: host.name,
							path: `applications.${name}`,
							wrong: `runs at real-time priority ${priority}, but RCU's threads run at ${rcu}${declared === undefined ? " at most" : ""}`,
							right:
								"declare kernel.sched_rt_runtime_us in tuning.sysctl: 950000 throttles, -1 does not",
						},
					];
		});
	},
};
