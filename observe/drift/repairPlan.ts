/** Which hosts `metaltune repair` touches, and why it leaves others alone. */

import { cellText } from "./driftReport";
import type { Deviation, HostDrift } from "./judge";
import type { Change } from "./undeployed";

export interface RepairPlan {
	/** Names of hosts. */
	readonly repair: readonly string[];
	/** A sentence per host that has drifted, but is not repaired. */
	readonly refused: readonly string[];
	/** A sentence per host whose repair deploys more than it repairs. */
	readonly deployedToo: readonly string[];
	/** A sentence per host that is repaired for a reason other than drift. */
	readonly reasons: readonly string[];
	/** A sentence per host or key that is not repaired. */
	readonly left: readonly string[];
}

function canRepair({ accepted, verdict }: Deviation): boolean {
	return !accepted && verdict !== "unreadable";
}

/** An unsupported key cannot be repaired. */
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

/** What is known of hosts besides their answers. */
export interface Circumstances {
	/** Whether a repair may deploy pending changes of the inventory. */
	readonly accepts: boolean;
	/** Names of hosts whose last `pulumi up` did not complete. */
	readonly unfinished: ReadonlySet<string>;
	/** Names of hosts that were queried with a host key that is not deployed. */
	readonly renewed: ReadonlySet<string>;
}

function reasonsOf(
	name: string,
	{ unfinished, renewed }: Circumstances,
): readonly string[] {
	if (renewed.has(name)) {
		return [
			`${name}: answers by the host key that the inventory has now, so it counts as installed again`,
		];
	}
	return unfinished.has(name)
		? [`${name}: its last \`pulumi up\` did not complete`]
		: [];
}

// A changed login alone changes nothing on the host.
function withoutLogin(changes: readonly Change[] | undefined) {
	return changes?.filter(({ key }) => !key.startsWith("connection."));
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
 * Divides the findings into those that a repair can change and the rest.
 *
 * @param undeployed by name, what the repair of a host would deploy as well;
 *   hosts that the inventory no longer has are not in it.
 */
export function repairPlan(
	hosts: readonly HostDrift[],
	undeployed: ReadonlyMap<string, readonly Change[]>,
	circumstances: Circumstances,
): RepairPlan {
	const { accepts, unfinished, renewed } = circumstances;
	const changesOf = (name: string) =>
		renewed.has(name)
			? withoutLogin(undeployed.get(name))
			: undeployed.get(name);
	const chosen = hosts
		.filter(({ status }) => status !== "unreachable")
		.filter(
			({ name, deviations }) =>
				deviations.some(canRepair) ||
				unfinished.has(name) ||
				renewed.has(name) ||
				(accepts && changesOf(name)?.length),
		)
		.map(({ name }) => name);
	// `pulumi up` would destroy these, whatever else it may deploy.
	const gone = chosen.filter((name) => !undeployed.has(name));
	const changed = chosen.filter((name) => changesOf(name)?.length);
	const refused = accepts ? gone : [...gone, ...changed];
	const text = (name: string) => changesText(changesOf(name) ?? []);
	const repair = chosen.filter((name) => !refused.includes(name));
	return {
		repair,
		reasons: repair.flatMap((name) => reasonsOf(name, circumstances)),
		refused: refused.map((name) =>
			gone.includes(name)
				? `${name}: expected it in the inventory, got no such host, so that its repair would destroy it; write it there again, or take it out of the stack with \`pulumi up --refresh\``
				: `${name}: expected an inventory that says what is deployed, got changes: ${text(name)}; deploy them with \`pulumi up --refresh\`, or with this repair by --with-undeployed-changes`,
		),
		deployedToo: accepts ? changed.map((name) => `${name}: ${text(name)}`) : [],
		left: [
			...hosts.flatMap(leftOf),
			...hosts
				.filter(({ name, status }) => {
					const isQuiet = status !== "unreachable" && !chosen.includes(name);
					return isQuiet && changesOf(name)?.length;
				})
				.map(
					({ name }) =>
						`${name}: the inventory has changes that are not deployed: ${text(name)}; --with-undeployed-changes deploys them`,
				),
		],
	};
}
