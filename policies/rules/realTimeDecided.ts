/** A real-time thread that never sleeps starves kernel threads. */
import { applicationsOf, realTimePriority } from "../applicationCpus";
import { parameterOf, sysctlOf } from "../declaredTuning";
import type { HostRule } from "../rule";

/** Priority of the migration and watchdog threads; others must be lower. */
const highest = 99;

export const realTimeDecided: HostRule = {
	name: "realTimeDecided",
	topic: "applications",
	scope: "host",
	severity: "mandatory",
	demand:
		"Real-time priorities are below those of essential kernel threads, or kernel.sched_rt_runtime_us is declared",
	reason:
		"RCU threads run at rcutree.kthread_prio. Its default is 1 with CONFIG_RCU_BOOST, and no real-time priority otherwise. A thread with a higher priority that never sleeps delays every grace period until memory runs out",
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
							wrong: `runs at real-time priority ${priority}, but RCU threads run at ${rcu}${declared === undefined ? " at most" : ""}`,
							right:
								"declare kernel.sched_rt_runtime_us in tuning.sysctl: 950000 throttles, -1 does not",
						},
					];
		});
	},
};
