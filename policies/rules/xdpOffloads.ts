/** XDP sees packets as they arrive; offloads that merge them cannot be on. */
import type { HostRule } from "../rule";
import { tuningOf } from "../tuning";

const merging = ["lro", "rx-gro-hw"];

export const xdpOffloads: HostRule = {
	name: "xdpOffloads",
	topic: "interrupts",
	scope: "host",
	severity: "mandatory",
	demand: "a NIC with an XDP program does not merge packets in hardware",
	reason:
		"drivers refuse a native program while LRO or hardware GRO is on, and the kernel switches both off under a generic one, which then shows as drift for ever",
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
