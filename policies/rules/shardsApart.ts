/** The replicas of a shard must not reboot together. */
import type { HostSpec } from "../../model/hostSpec";
import { rolloutOrder } from "../../model/waves";
import type { FleetRule } from "../rule";

function mayReboot({ rollout }: HostSpec): boolean {
	return rollout.reboot === "auto";
}

export const shardsApart: FleetRule = {
	name: "shardsApart",
	topic: "rollout",
	scope: "fleet",
	severity: "mandatory",
	demand: "No two members of a shard reboot at the same time",
	reason: "While all replicas are down, the data of the shard is not available",
	source: "docs/policies.md, Rollout",
	judge: (hosts) => {
		const turns = rolloutOrder(hosts);
		const dependents = new Map(
			turns.map((turn) => [turn.spec.name, turn.dependents] as const),
		);
		const isAfter = (a: HostSpec, b: HostSpec) =>
			dependents.get(a.name)?.includes(b.name) === true;
		return hosts.flatMap((host, index) => {
			const other = hosts
				.slice(0, index)
				.find(
					(each) =>
						host.shard !== undefined &&
						each.shard === host.shard &&
						mayReboot(each) &&
						mayReboot(host) &&
						!isAfter(each, host) &&
						!isAfter(host, each),
				);
			if (other === undefined) return [];
			return [
				{
					host: host.name,
					path: "shard",
					wrong: `is ${host.shard}, as on ${other.name}, and both may reboot at the same time`,
					right:
						other.group === host.group
							? "write rollout.maxUnavailable: 1, or reboot: manual"
							: "put them into one group with maxUnavailable: 1, or write reboot: manual",
				},
			];
		});
	},
};
