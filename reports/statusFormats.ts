/**
 * What the last `pulumi up` proved for every host, from the stack's `status`
 * output. State can be edited by hand, so it is read field by field.
 */

import { fieldsOf, listOf, textOf, textsOf } from "../model/plainData";
import { printable } from "../model/printable";
import { type Verdict, verdicts } from "../model/verdict";
import type { HostStatus } from "../provider/verification";
import type { Renderers } from "./formats";
import { printableJson } from "./json";
import { table } from "./table";
import { hanging } from "./wrap";

/** Host name to its status. */
export interface FleetStatus {
	readonly [host: string]: HostStatus;
}

function countsOf(value: unknown, where: string): HostStatus["verdicts"] {
	const entries = Object.entries(fieldsOf(value, where)).map(
		([name, count]) => {
			const verdict = verdicts.find((each) => each === name);
			if (verdict === undefined || typeof count !== "number") {
				throw new Error(
					`${where}.${name}: expected a count of ${verdicts.join(", ")}, got ${JSON.stringify(count)}; run \`pulumi up\` with this version`,
				);
			}
			return [verdict, count] as const;
		},
	);
	return Object.fromEntries(entries);
}

function hostStatus(value: unknown, where: string): HostStatus {
	const { bootId, verdicts: counts, ...lists } = fieldsOf(value, where);
	const { pendingReboot, unsupported } = lists;
	const waiting = listOf(pendingReboot, `${where}.pendingReboot`);
	return {
		bootId: textOf(bootId, `${where}.bootId`),
		verdicts: countsOf(counts, `${where}.verdicts`),
		pendingReboot: waiting.map((id, index) =>
			textOf(id, `${where}.pendingReboot[${index}]`),
		),
		unsupported: textsOf(unsupported, `${where}.unsupported`),
	};
}

/**
 * Reads what `pulumi stack output status --json` prints.
 *
 * @throws Error when it is not the status of a fleet.
 */
export function parseStatus(json: string): FleetStatus {
	const hosts = fieldsOf(JSON.parse(json), "status");
	return Object.fromEntries(
		Object.entries(hosts).map(([host, value]) => [
			host,
			hostStatus(value, `status.${host}`),
		]),
	);
}

function count(status: HostStatus, verdict: Verdict): string {
	return String(status.verdicts[verdict] ?? 0);
}

function notes(host: string, status: HostStatus): readonly string[] {
	const { pendingReboot, unsupported } = status;
	const waits =
		pendingReboot.length === 0
			? []
			: [`${host}: waits for a reboot: ${pendingReboot.join(", ")}`];
	const lacking = Object.entries(unsupported).map(
		([id, reason]) => `${host}: ${id} is not supported on this host: ${reason}`,
	);
	return [...waits, ...lacking].map(printable);
}

/**
 * One line per host, and below it the settings that wait for a reboot or are
 * unsupported.
 */
export function statusText(fleet: FleetStatus, columns?: number): string {
	const hosts = Object.entries(fleet).toSorted(
		([a], [b]) => Number(a > b) - Number(a < b),
	);
	const rows = hosts.map(([host, status]) => [
		host,
		status.bootId.slice(0, 8),
		count(status, "ok"),
		count(status, "pendingReboot"),
		count(status, "unsupported"),
	]);
	const head = ["host", "boot", "ok", "pending reboot", "unsupported"];
	const lines = hosts
		.flatMap(([host, status]) => notes(host, status))
		.map((line) => hanging(line, columns));
	return [table(head, rows, columns), ...lines].join("\n");
}

/**
 * 0 when every setting is in effect or not supported on its host; 2 when a host
 * waits for a reboot. `metaltune check` on a host uses the same codes.
 */
export function statusExitCode(fleet: FleetStatus): 0 | 2 {
	return Object.values(fleet).some(
		({ pendingReboot }) => pendingReboot.length > 0,
	)
		? 2
		: 0;
}

export const statusFormats = {
	text: statusText,
	json: printableJson,
} as const satisfies Renderers<FleetStatus>;
