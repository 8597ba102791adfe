/** One queue per CPU: neither idle queues nor CPUs with two. */
import { cpuNumbers } from "../../inventory/cpuSet";
import { nicCpus } from "../cpus";
import type { HostRule } from "../rule";
import { tuningOf } from "../tuning";

export const channelsMatchCpus: HostRule = {
	name: "channelsMatchCpus",
	topic: "interrupts",
	scope: "host",
	severity: "mandatory",
	demand: "a NIC has as many channels as CPUs serve its interrupts",
	reason:
		"with more channels than CPUs some CPUs serve two queues and those flows wait for each other; with fewer, CPUs are kept free for nothing",
	source: "Documentation/networking/scaling.rst, RSS Configuration",
	judge: (host) => {
		const { ethtool } = tuningOf(host);
		const served = nicCpus(host);
		return Object.entries(ethtool ?? {}).flatMap(([nic, { channels }]) => {
			const cpus = served[nic];
			const kind = channels?.combined === undefined ? "rx" : "combined";
			const declared = channels?.[kind];
			const count =
				declared === "max" ? host.topology?.nics?.[nic]?.maxCombined : declared;
			if (cpus === undefined || count === undefined) return [];
			const wanted = cpuNumbers(cpus).length;
			return count === wanted
				? []
				: [
						{
							host: host.name,
							path: `tuning.ethtool.${nic}.channels.${kind}`,
							wrong: `is ${count}, but tuning.irqAffinity.${nic} names ${wanted} CPUs (${cpus})`,
							right: `write ${wanted}, or name ${count} CPUs`,
						},
					];
		});
	},
};
