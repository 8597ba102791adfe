/** Whoever restarts the NIC that SSH comes in by may not come back. */
import type { HostRule, Option } from "../rule";
import { tuningOf } from "../tuning";

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
		"what may cut the link of a management NIC is only changed with a rollback that leaves it time to come back",
	reason:
		"changed channels, rings, offloads and private flags restart a NIC, for seconds, and a wrong XDP program drops SSH with the rest; a rollback that comes too early undoes what was right",
	source: "ethtool(8), -L, -G and --set-priv-flags; docs/host-program.md",
	options: {
		minimumSeconds: {
			description: "The shortest rollout.rollbackSeconds that is enough",
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
				wrong: `is ${rollbackSeconds}, but the link of ${changed.join(" and ")}, which SSH comes in by, may be down as long`,
				right: `write at least ${minimumSeconds}`,
			},
		];
	},
};
