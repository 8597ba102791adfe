/** A change that restarts the management NIC interrupts SSH. */

import { tuningOf } from "../declaredTuning";
import type { HostRule, Option } from "../rule";

const restarting = ["channels", "rings", "offloads", "privateFlags"] as const;

export const managementNic: HostRule<{
	readonly minimumSeconds: Option<number>;
}> = {
	name: "managementNic",
	topic: "interrupts",
	scope: "host",
	severity: "mandatory",
	needsTopology: true,
	demand:
		"A change that may cut the link of a management NIC has a rollback time that covers the restart",
	reason:
		"New channels, rings, offloads or private flags restart a NIC, which takes seconds. A wrong XDP program drops SSH packets too. A rollback that starts too early reverts a correct change",
	source: "ethtool(8), -L, -G and --set-priv-flags; docs/host-program.md",
	options: {
		minimumSeconds: {
			description: "The lowest sufficient rollout.rollbackSeconds",
			default: 30,
		},
	},
	judge: (host, { options: { minimumSeconds } }) => {
		const { ethtool, xdp } = tuningOf(host);
		const { rollbackSeconds } = host.rollout;
		const changed = Object.entries(host.topology?.nics ?? {})
			.filter(([, { management }]) => management === true)
			.map(([nic]) => nic)
			.filter(
				(nic) =>
					restarting.some((each) => ethtool?.[nic]?.[each] !== undefined) ||
					xdp?.[nic] !== undefined,
			);
		if (changed.length === 0 || rollbackSeconds >= minimumSeconds) return [];
		return [
			{
				host: host.name,
				path: "rollout.rollbackSeconds",
				wrong: `is ${rollbackSeconds}, but the link of the management NIC ${changed.join(" and ")} may be down that long`,
				right: `write at least ${minimumSeconds}`,
			},
		];
	},
};
