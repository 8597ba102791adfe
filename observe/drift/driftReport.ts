/**
 * The drift of a fleet: the source of every report format, and the output of
 * `metaltune drift --format json`. docs/drift.schema.json describes it.
 */

import { maker } from "../../model/version";
import type { HostDrift, HostStatus } from "./judge";
import type { Judged } from "./target";

/** In order of weight: an unknown value may be worse than drift. */
export type DriftResult = "clean" | "drift" | "unknown";

export interface DriftReport {
	/** Version of the format; adding a field does not change it. */
	readonly version: 1;
	/** `metaltune` and its version. */
	readonly maker: string;
	/** What the hosts were compared with. */
	readonly judged: Judged;
	/** When the last host had answered; RFC 3339. */
	readonly time: string;
	readonly result: DriftResult;
	readonly hosts: readonly HostDrift[];
}

/** Combines hosts into a report. */
export function driftReport(
	judged: Judged,
	hosts: readonly HostDrift[],
	time: Date,
): DriftReport {
	const has = (...statuses: readonly HostStatus[]) =>
		hosts.some(({ status }) => statuses.includes(status));
	const result = has("unknown", "unreachable")
		? "unknown"
		: has("drift")
			? "drift"
			: "clean";
	return { version: 1, maker, judged, time: time.toISOString(), result, hosts };
}

const exitCodes = {
	clean: 0,
	drift: 2,
	unknown: 1,
} as const satisfies { [K in DriftResult]: number };

/** 0 clean, 2 drift, 1 undetermined, as `metaltune check` on a host. */
export function driftExitCode({ result }: DriftReport): 0 | 1 | 2 {
	return exitCodes[result];
}

/** What was judged, in words. */
export function judgedText(judged: Judged): string {
	return "stack" in judged
		? `what stack ${judged.stack} has deployed`
		: `the inventory in ${judged.inventory}, deployed or not`;
}

/** `50 hosts: 48 clean, 1 drift, 1 unreachable`, without zero counts. */
export function summaryText({ hosts }: DriftReport): string {
	const statuses = ["clean", "drift", "unknown", "unreachable"] as const;
	const counts = statuses
		.map((status) => ({
			status,
			count: hosts.filter((host) => host.status === status).length,
		}))
		.filter(({ count }) => count > 0)
		.map(({ status, count }) => `${count} ${status}`);
	const all = `${hosts.length} host${hosts.length === 1 ? "" : "s"}`;
	return counts.length === 0 ? all : `${all}: ${counts.join(", ")}`;
}

/** A sentence on when the host was last as declared; empty when unknown. */
export function proofText({ proof, deviations }: HostDrift): string {
	if (proof === undefined || deviations.length === 0) return "";
	const run = proof.commit === undefined ? "" : ` (commit ${proof.commit})`;
	return `was last proved at ${proof.time}${run}; what deviates did so since`;
}

/** A table cell; a long value is shortened and marked as such. */
export function cellText(text: string, longest: number): string {
	return text.length > longest ? `${text.slice(0, longest)}...` : text;
}
