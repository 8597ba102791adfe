/** A wrong change must not reach every host at once. */
import type { FleetRule } from "../rule";

export const rolloutLimited: FleetRule = {
	name: "rolloutLimited",
	topic: "rollout",
	scope: "fleet",
	severity: "mandatory",
	demand: "Some hosts of a group stay up while others change",
	reason:
		"Without a limit, one wrong setting or one reboot takes the whole group down",
	source: "docs/policies.md, Rollout",
	judge: (hosts) => {
		const groups = new Set(hosts.map(({ group }) => group));
		return [...groups].flatMap((group) => {
			const members = hosts.filter((host) => host.group === group);
			const [first] = members;
			const most = first?.rollout.maxUnavailable;
			const size = members.length;
			if (first === undefined || size < 2) return [];
			if (most !== undefined && most < size) return [];
			return [
				{
					host: first.name,
					path: "rollout.maxUnavailable",
					wrong: `is ${most ?? "not declared"}, so all ${size} hosts of ${group} change at once`,
					right: `write ${size === 2 ? "1" : `1 to ${size - 1}`}`,
				},
			];
		});
	},
};
