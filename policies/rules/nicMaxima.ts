/** A driver refuses more rings or channels than its NIC supports. */

import { tuningOf } from "../declaredTuning";
import type { HostRule } from "../rule";

export const nicMaxima: HostRule = {
	name: "nicMaxima",
	topic: "interrupts",
	scope: "host",
	severity: "mandatory",
	needsTopology: true,
	demand: "Rings and channels are within the NIC's maxima",
	reason: "The driver refuses larger values, and the deployment fails halfway",
	source: "ethtool(8), -G and -L: pre-set maximums",
	judge: (host) =>
		Object.entries(tuningOf(host).ethtool ?? {}).flatMap(([nic, spec]) => {
			const { maxRing, maxCombined } = host.topology?.nics?.[nic] ?? {};
			const sizes = [
				["rings.rx", spec.rings?.rx, maxRing],
				["rings.tx", spec.rings?.tx, maxRing],
				["channels.combined", spec.channels?.combined, maxCombined],
			] as const;
			return sizes.flatMap(([key, value, most]) =>
				typeof value !== "number" || most === undefined || value <= most
					? []
					: [
							{
								host: host.name,
								path: `tuning.ethtool.${nic}.${key}`,
								wrong: `is ${value}, but ${nic} has at most ${most}`,
								right: `write ${most} or less`,
							},
						],
			);
		}),
};
