/**
 * Hosts as the YAML describes them, deployed or not. It needs no engine and no
 * stack, and so has none of a stack's secrets.
 */
import type { Connection, HostSpec } from "../inventory/hostSpec";
import { describeLogin, type RemoteConnection } from "../provider/connection";
import { hostProgram } from "../tunables/hostProgram";
import type { Target } from "./target";

function secretsOf({ proxy, ...direct }: Connection): readonly string[] {
	return [direct, ...(proxy === undefined ? [] : [proxy])]
		.flatMap((login) => [login.privateKeySecret, login.passwordSecret])
		.filter((name) => name !== undefined);
}

function connectionOf(connection: Connection): RemoteConnection | string {
	const secrets = secretsOf(connection);
	return secrets.length === 0
		? connection
		: `its login needs ${secrets.join(" and ")} of a stack's config, which the inventory only names; name the stack with --stack`;
}

/** One target per host of an inventory. */
export function inventoryTargets(
	specs: readonly HostSpec[],
): readonly Target[] {
	return specs.map(({ name, connection, settings, rollout }) => ({
		name,
		login: describeLogin(connection),
		connection: connectionOf(connection),
		settings,
		program: hostProgram().hash,
		accepts: ({ verdict }) =>
			verdict === "unsupported" ||
			(verdict === "pendingReboot" && rollout.reboot === "manual"),
		otherSettings:
			"was last given other settings than these: the inventory has changes that are not deployed, or another inventory manages it",
		awaited: [],
	}));
}
