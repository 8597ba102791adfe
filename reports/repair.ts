/** Which hosts `metaltune repair` touches, and why it leaves others alone. */
import type { Deviation, HostDrift } from "../drift/judge";

export interface RepairPlan {
	/** Names of hosts. */
	readonly repair: readonly string[];
	/** A sentence per host or key that stays as it is. */
	readonly left: readonly string[];
}

function canRepair({ accepted, verdict }: Deviation): boolean {
	return !accepted && verdict !== "unreadable";
}

/** Of a key that a host cannot have, nothing is left to do. */
function reasonToLeave({ key, verdict }: Deviation): readonly string[] {
	if (verdict === "unreadable") return [`${key} could not be read`];
	return verdict === "unsupported"
		? []
		: [`${key} waits for a reboot that you order`];
}

function leftOf({ name, why, deviations }: HostDrift): readonly string[] {
	const keys = deviations
		.filter((each) => !canRepair(each))
		.flatMap(reasonToLeave);
	const reasons = why === undefined ? keys : [`unreachable: ${why}`];
	return reasons.map((reason) => `${name}: ${reason}`);
}

/** Divides what was found into what a repair can mend and what it leaves. */
export function repairPlan(hosts: readonly HostDrift[]): RepairPlan {
	return {
		repair: hosts
			.filter(({ deviations }) => deviations.some(canRepair))
			.map(({ name }) => name),
		left: hosts.flatMap(leftOf),
	};
}
