/**
 * Compares HostState's inputs with its state: whether the state must change,
 * and whether both describe the same machine.
 */
import { hasUnknown, sameData } from "../model/plainData";
import type {
	HostStateInputs,
	HostStateOutputs,
} from "../observe/drift/hostStateOutputs";
import { addressOf } from "../ssh/remoteConnection";

/** Fields of this version's state that the given state lacks. */
export function missingFields(state: object): readonly string[] {
	const fields = [
		...["settings", "rules", "declared", "unsupported", "pendingReboot"],
		...["program", "connection", "applyRevision", "readyRevision"],
	] as const;
	return fields.filter((name) => !(name in state));
}

/**
 * Whether the inputs describe an untuned machine: a new one, or the same one
 * after a reinstallation, which gave it a new host key.
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

/** Keys of the same machine that are no longer declared. */
export function droppedIds(
	olds: HostStateOutputs | undefined,
	news: HostStateInputs,
): readonly string[] {
	return Object.keys(
		olds !== undefined && !isFresh(olds, news) ? olds.settings : {},
	).filter((id) => news.settings[id] === undefined);
}

/** The part of a state that came from inputs. */
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
 * Whether the state must change, and whether it describes another machine.
 *
 * The host key identifies a machine. A new address with the old key is the same
 * machine at a new address: an update. A new key at the old address is the
 * machine after a reinstallation: an update, and apply runs again. If both are
 * new, it is another machine: a replacement. Its last step deletes the old
 * state and reverts the old machine, unless `onDestroy` is `keep`.
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
