/** Which hosts `metaltune repair` touches, and why it leaves others alone. */
import type { Deviation, HostDrift } from "../drift/judge";

export interface RepairPlan {
	/** Names of hosts. */
	readonly repair: readonly string[];
	/** A sentence per host or key that stays as it is. */
	readonly left: readonly string[];
}

function canRepair({ accepted, verdict }: Deviation): boolean {
	return !accepted && verdict !== "unreadable" && verdict !== "unsupported";
}

function reasonToLeave(deviation: Deviation): string {
	const { key, verdict, accepted } = deviation;
	if (verdict === "unreadable") return `${key} could not be read`;
	if (verdict === "unsupported") return `${key} cannot exist on this host`;
	return accepted ? `${key} waits for a reboot that you order` : "";
}

function leftOf(host: HostDrift): readonly string[] {
	const { name, why, deviations } = host;
	const keys = deviations.filter((each) => !canRepair(each)).map(reasonToLeave);
	return [...(why === undefined ? [] : [`unreachable: ${why}`]), ...keys].map(
		(reason) => `${name}: ${reason}`,
	);
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
