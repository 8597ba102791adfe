/**
 * Hosts as the YAML describes them, deployed or not. This needs no engine and
 * no stack, so the stack's secrets are not available.
 */

import { programFor } from "../../host/assemble";
import { contentSecrets } from "../../inventory/contentSecrets";
import type { HostSpec } from "../../model/hostSpec";
import { describeLogin } from "../../ssh/remoteConnection";
import type { Target } from "./target";

type Given = HostSpec["connection"];

function secretsOf({ proxy, ...direct }: Given): readonly string[] {
	return [direct, ...(proxy === undefined ? [] : [proxy])]
		.flatMap((login) => [login.privateKeySecret, login.passwordSecret])
		.filter((name) => name !== undefined);
}

/** Why a host cannot be judged without its stack; undefined when it can. */
function unknownContent(spec: HostSpec, next: string): string | undefined {
	const [first] = contentSecrets(spec);
	return first === undefined
		? undefined
		: `the content of ${first.ids[0]} is the secret ${first.secret} of a stack's config, which the inventory only names; ${next}`;
}

function reachOf(
	spec: HostSpec,
	next: string,
): Pick<Target, "login" | "connection"> {
	const { connection: given } = spec;
	if (!("host" in given)) {
		return {
			login: `${given.user}@`,
			connection: `a stack orders this machine and alone knows its address; ${next}`,
		};
	}
	const secrets = secretsOf(given);
	return {
		login: describeLogin(given),
		connection:
			secrets.length === 0
				? (unknownContent(spec, next) ?? given)
				: `its login needs ${secrets.join(" and ")} of a stack's config, which the inventory only names; ${next}`,
	};
}

/**
 * One target per host of an inventory.
 *
 * @param next what to do about a host that only its stack can reach or judge.
 */
export function inventoryTargets(
	specs: readonly HostSpec[],
	next = "name the stack with --stack",
): readonly Target[] {
	return specs.map((spec) => ({
		name: spec.name,
		...reachOf(spec, next),
		settings: spec.settings,
		deployed: false,
		program: programFor(spec.settings).hash,
		accepts: ({ verdict }) =>
			verdict === "unsupported" ||
			(verdict === "pendingReboot" && spec.rollout.reboot === "manual"),
		otherSettings:
			"was last given other settings than these: the inventory has changes that are not deployed, or another inventory manages it",
		awaited: [],
	}));
}
