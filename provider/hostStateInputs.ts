/**
 * HostState's inputs against its state: whether the state must change, and
 * whether it speaks of the same machine.
 */
import { hasUnknown, sameData } from "../model/plainData";
import type {
	HostStateInputs,
	HostStateOutputs,
} from "../observe/drift/hostStateOutputs";
import { addressOf } from "../ssh/connection";

/** Names of fields that a state of this version has and this one lacks. */
export function missingFields(state: object): readonly string[] {
	const fields = [
		...["settings", "rules", "declared", "unsupported", "pendingReboot"],
		...["program", "connection", "applyRevision", "readyRevision"],
	] as const;
	return fields.filter((name) => !(name in state));
}

/**
 * Whether inputs speak of a machine as nobody has touched it yet: a new one,
 * or the same after a new installation, which gave it another host key.
 */
export function isFresh(
	olds: HostStateInputs | undefined,
	news: HostStateInputs,
): boolean {
	return (
		olds?.instanceId !== news.instanceId ||
		olds?.connection.hostKey !== news.connection.hostKey
	);
}

/** Keys of the same machine that were declared and no longer are. */
export function droppedIds(
	olds: HostStateOutputs | undefined,
	news: HostStateInputs,
): readonly string[] {
	return Object.keys(
		olds !== undefined && !isFresh(olds, news) ? olds.settings : {},
	).filter((id) => news.settings[id] === undefined);
}

/** The part of a state that was given as inputs. */
export function inputsOf(state: HostStateOutputs): HostStateInputs {
	const { host, connection, instanceId, settings, rules, program } = state;
	const { contents, reboot, rebootTimeoutSeconds } = state;
	return {
		host,
		connection,
		...(instanceId === undefined ? {} : { instanceId }),
		settings,
		rules,
		...(contents === undefined ? {} : { contents }),
		program,
		reboot,
		rebootTimeoutSeconds,
		uploadRevision: 0,
	};
}

/**
 * Whether the state must change, and whether it speaks of another machine.
 *
 * A machine is known by its host key. A new address with the old key is the
 * same machine that moved: an update. A new key at the old address is the
 * machine after a new installation: an update, and apply runs again. Both new
 * is another machine: a replacement, whose last step deletes the old state and
 * so reverts the machine that is left behind, unless `onDestroy` is `keep`.
 */
export function difference(olds: HostStateOutputs, news: HostStateInputs) {
	const replaced =
		olds.connection.hostKey !== news.connection.hostKey &&
		addressOf(olds.connection) !== addressOf(news.connection);
	return {
		changes: !sameData(inputsOf(olds), news),
		replaces: replaced && !hasUnknown(news) ? ["connection"] : [],
	};
}
