/** Which hosts `metaltune repair` touches, and why it leaves others alone. */
import type { Deviation, HostDrift } from "../drift/judge";
import type { Change } from "../drift/undeployed";
import { cellText } from "./drift";

export interface RepairPlan {
	/** Names of hosts. */
	readonly repair: readonly string[];
	/** A sentence per host that has drifted, but is not repaired. */
	readonly refused: readonly string[];
	/** A sentence per host whose repair deploys more than it repairs. */
	readonly deployedToo: readonly string[];
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

const shownChanges = 5;
const longestText = 40;

function changeText({ key, before, after }: Change): string {
	const [was, is] = [before, after].map((text) =>
		text === undefined ? "not declared" : cellText(text, longestText),
	);
	return `${key} ${was} -> ${is}`;
}

function changesText(changes: readonly Change[]): string {
	const shown = changes.slice(0, shownChanges).map(changeText).join(", ");
	const more = changes.length - shownChanges;
	return more > 0 ? `${shown} and ${more} more` : shown;
}

/**
 * Divides what was found into what a repair can mend and what it leaves.
 *
 * @param undeployed what the repair of a host would deploy as well, by name;
 *   hosts that the inventory no longer has are not in it.
 * @param accepts whether a repair may deploy that.
 */
export function repairPlan(
	hosts: readonly HostDrift[],
	undeployed: ReadonlyMap<string, readonly Change[]>,
	accepts: boolean,
): RepairPlan {
	const drifted = hosts
		.filter(({ deviations }) => deviations.some(canRepair))
		.map(({ name }) => name);
	// `pulumi up` would destroy those, whatever else it may deploy.
	const gone = drifted.filter((name) => !undeployed.has(name));
	const changed = drifted.filter((name) => undeployed.get(name)?.length);
	const refused = accepts ? gone : [...gone, ...changed];
	const text = (name: string) => changesText(undeployed.get(name) ?? []);
	return {
		repair: drifted.filter((name) => !refused.includes(name)),
		refused: refused.map((name) =>
			gone.includes(name)
				? `${name}: expected it in the inventory, got no such host, so that its repair would destroy it; write it there again, or take it out of the stack with \`pulumi up --refresh\``
				: `${name}: expected an inventory that says what is deployed, got changes: ${text(name)}; deploy them with \`pulumi up --refresh\`, or with this repair by --with-undeployed-changes`,
		),
		deployedToo: accepts ? changed.map((name) => `${name}: ${text(name)}`) : [],
		left: hosts.flatMap(leftOf),
	};
}
