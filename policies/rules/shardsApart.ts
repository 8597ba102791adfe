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
	demand: "no two members of a shard are rebooted together",
	reason:
		"with all replicas down at once the shard's data is not there for anybody",
	source: "docs/policies.md, Rollout",
	judge: (hosts) => {
		const turns = rolloutOrder(hosts);
		const followers = new Map(
			turns.map((turn) => [turn.spec.name, turn.followers] as const),
		);
		const isAfter = (a: HostSpec, b: HostSpec) =>
			followers.get(a.name)?.includes(b.name) === true;
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
					wrong: `${other.name} is of shard ${host.shard} too, and both may reboot at the same time`,
					right:
						other.group === host.group
							? "write rollout.maxUnavailable: 1, or reboot: manual"
							: "put them into one group with maxUnavailable: 1, or write reboot: manual",
				},
			];
		});
	},
};
