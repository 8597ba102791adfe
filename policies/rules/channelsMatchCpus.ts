/** One queue per CPU: neither idle queues nor CPUs with two. */
import { cpuNumbers } from "../../model/cpuSet";
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
		const { ethtool = {}, irqAffinity } = tuningOf(host);
		return Object.entries(nicCpus(host)).flatMap(([nic, cpus]) => {
			const { maxCombined } = host.topology?.nics?.[nic] ?? {};
			const channels = ethtool[nic]?.channels;
			const kind = channels?.combined === undefined ? "rx" : "combined";
			const declared = channels?.[kind];
			const count = declared === "max" ? maxCombined : declared;
			const wanted = cpuNumbers(cpus).length;
			const named = `tuning.irqAffinity.${nic} names ${wanted} CPUs (${cpus})`;
			if (count !== undefined && count !== wanted) {
				return [
					{
						host: host.name,
						path: `tuning.ethtool.${nic}.channels.${kind}`,
						wrong: `is ${count}, but ${named}`,
						right: `write ${wanted}, or name ${count} CPUs`,
					},
				];
			}
			// A driver makes as many as it likes, but no more than that; where the
			// maximum is 0 its channels are not combined. `local` keeps no CPU free.
			const keepsFree =
				declared === undefined && irqAffinity?.nics[nic] !== "local";
			return keepsFree && wanted > (maxCombined || wanted)
				? [
						{
							host: host.name,
							path: `tuning.irqAffinity.${nic}`,
							wrong: `names ${wanted} CPUs (${cpus}), but ${nic} has at most ${maxCombined} channels`,
							right: `name ${maxCombined} CPUs, and declare as many channels`,
						},
					]
				: [];
		});
	},
};
