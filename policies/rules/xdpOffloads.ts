/** Offloads that merge packets cannot be on with an XDP program. */

import { tuningOf } from "../declaredTuning";
import type { HostRule } from "../rule";

const merging = ["lro", "rx-gro-hw"];

export const xdpOffloads: HostRule = {
	name: "xdpOffloads",
	topic: "interrupts",
	scope: "host",
	severity: "mandatory",
	demand: "A NIC with an XDP program does not merge packets in hardware",
	reason:
		"Drivers refuse a native program while LRO or hardware GRO is on. Under a generic program the kernel switches both off, which shows as drift forever",
	source: "net/core/dev.c, dev_xdp_install and generic_xdp_install",
	judge: (host) => {
		const { xdp, ethtool } = tuningOf(host);
		return Object.entries(xdp ?? {}).flatMap(([nic, { mode }]) => {
			const offloads = ethtool?.[nic]?.offloads ?? {};
			return merging
				.filter((name) => offloads[name] === "on")
				.map((name) => ({
					host: host.name,
					path: `tuning.ethtool.${nic}.offloads.${name}`,
					wrong: `is on, but ${nic} has a ${mode} XDP program`,
					right: `write ${name}: off`,
				}));
		});
	},
};
