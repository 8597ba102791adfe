/** A change that is wrong should not reach every host at once. */
import type { FleetRule } from "../rule";

export const rolloutLimited: FleetRule = {
	name: "rolloutLimited",
	topic: "rollout",
	scope: "fleet",
	severity: "mandatory",
	demand: "of several hosts of a group some stay up while others change",
	reason:
		"with as many under change as there are, one wrong setting and one reboot take the whole group away",
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
					wrong: `is ${most ?? "not declared, so all at once,"} for the ${size} hosts of ${group}`,
					right: `write ${size === 2 ? "1" : `1 to ${size - 1}`}`,
				},
			];
		});
	},
};
