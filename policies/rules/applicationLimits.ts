/** An application fails at run time if its limits are lower than what it uses. */
import type { ApplicationSpec } from "../../model/application";
import { applicationsOf, realTimePriority } from "../applicationCpus";
import { sysctlOf } from "../declaredTuning";
import type { HostRule } from "../rule";

/** The kernel's default of fs.nr_open. */
const openDefault = 1_048_576;

/** The lowest sufficient value of each limit, and the reason. */
function needs(application: ApplicationSpec) {
	const priority = realTimePriority(application);
	const GiB = application.memoryGiB ?? 0;
	const { memlock } = application.limits ?? {};
	return [
		[
			"rtprio",
			priority,
			`the application runs at real-time priority ${priority}`,
		],
		[
			"memlock",
			memlock === undefined && application.busyPoll !== true
				? 0
				: GiB * 2 ** 30,
			`the application takes ${GiB} GiB of memory`,
		],
	] as const;
}

export const applicationLimits: HostRule = {
	name: "applicationLimits",
	topic: "applications",
	scope: "host",
	severity: "mandatory",
	demand:
		"An application's limits allow the priority, locked memory and open files that its description declares",
	reason:
		"mlock, AF_XDP buffers and sched_setscheduler fail while the application runs. systemd lowers a LimitNOFILE above fs.nr_open without a message",
	source:
		"setrlimit(2); Documentation/networking/af_xdp.rst; Documentation/admin-guide/sysctl/fs.rst, nr_open",
	judge: (host) =>
		applicationsOf(host).flatMap(([name, application]) => {
			const limits = application.limits ?? {};
			const low = needs(application).flatMap(([key, least, why]) => {
				const found = limits[key];
				const isUndecided = key === "rtprio" && found === undefined;
				return isUndecided ||
					found === "unlimited" ||
					Number(found ?? 0) >= least
					? []
					: [
							{
								host: host.name,
								path: `applications.${name}.limits.${key}`,
								wrong: `is ${found ?? "not declared"}, but ${why}`,
								right: `write at least ${least}${key === "memlock" ? ", or unlimited" : ""}`,
							},
						];
			});
			const most = Number(sysctlOf(host, "fs.nr_open") ?? openDefault);
			const files = limits.nofile ?? "0";
			const isTooMany = Number(files) > most;
			return [
				...low,
				...(isTooMany
					? [
							{
								host: host.name,
								path: `applications.${name}.limits.nofile`,
								wrong: `is ${files}, but fs.nr_open is ${most}`,
								right: `write at most ${most}, or raise fs.nr_open in tuning.sysctl`,
							},
						]
					: []),
			];
		}),
};
