/** A NIC needs one queue for each CPU that serves it. */
import { cpuNumbers } from "../../model/cpuSet";
import { nicCpus } from "../cpus";
import { tuningOf } from "../declaredTuning";
import type { HostRule } from "../rule";

export const channelsMatchCpus: HostRule = {
	name: "channelsMatchCpus",
	topic: "interrupts",
	scope: "host",
	severity: "mandatory",
	demand: "A NIC has as many channels as CPUs serve its interrupts",
	reason:
		"With more channels than CPUs, some CPUs serve two queues, and the flows of these queues delay each other. With fewer channels, some of the reserved CPUs stay idle",
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
			// Without declared channels the driver chooses their number, up to the
			// maximum. A maximum of 0 means that the NIC has no combined channels.
			// `local` reserves no CPUs.
			const isReserved =
				declared === undefined && irqAffinity?.nics[nic] !== "local";
			return isReserved && wanted > (maxCombined || wanted)
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
