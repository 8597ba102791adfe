/**
 * What the next `pulumi up` would change on one live host, key by key and layer
 * by layer. It is derived from the same answers as its drift.
 */
import type { Probe } from "../../host/probe";
import { type Layer, layers } from "../../model/facts";
import { settingId } from "../../model/settings";
import type { Finding, State } from "../../model/verdict";
import { maker } from "../../model/version";
import { answerText, type Deviation, judge } from "./judge";
import type { Target } from "./target";

/** `unknown`: a key that decides it could not be read. */
export type PlanResult = "nothing" | "changes" | "unknown";

export interface PlannedChange {
	/** `tunable.key`, as in a drift report. */
	readonly key: string;
	readonly layer: Layer;
	/** What the host has now, in words. */
	readonly now: string;
	readonly planned: string;
	/** What makes the change; `undetermined` where the key was not readable. */
	readonly by: "apply" | "reboot" | "undetermined";
}

export interface HostPlan {
	/** Version of the format; adding a field does not change it. */
	readonly version: 1;
	/** `metaltune` and its version. */
	readonly maker: string;
	readonly host: string;
	readonly login: string;
	readonly result: PlanResult;
	readonly changes: readonly PlannedChange[];
	/** Sentences about the host that are no changes. */
	readonly notes: readonly string[];
}

function makerOf(
	{ setting, verdict }: Finding,
	layer: Layer,
	state: State,
): PlannedChange["by"] {
	if (state === "unreadable") return "undetermined";
	const waits = verdict === "pendingReboot" || setting.effect === "reboot";
	return layer === "live" && waits ? "reboot" : "apply";
}

/** The layers of a deviation that are not as declared. */
function changesOf(
	deviation: Deviation,
	finding: Finding | undefined,
): readonly PlannedChange[] {
	const { key, declared } = deviation;
	const change = (layer: Layer, by: PlannedChange["by"]): PlannedChange => ({
		key,
		layer,
		now: answerText(deviation[layer]),
		planned: declared === "" ? '""' : declared,
		by,
	});
	if (finding === undefined) return [change("live", "apply")];
	return layers.flatMap((layer) => {
		const state = finding.states[layer];
		return state === "bad" || state === "unreadable"
			? [change(layer, makerOf(finding, layer, state))]
			: [];
	});
}

function noteOf({ key, live, boot, verdict }: Deviation): readonly string[] {
	if (verdict === "pendingReboot") {
		return [`${key} waits for a reboot, which is left to you`];
	}
	const reason = [live, boot].find((each) => each?.status === "unsupported");
	return [`${key} is not supported on this host: ${reason?.text ?? ""}`];
}

const results = {
	clean: "nothing",
	drift: "changes",
	unknown: "unknown",
	unreachable: "unknown",
} as const;

/** The plan for one host that answered. */
export function hostPlan(target: Target, probe: Probe): HostPlan {
	const { name, login, status, deviations, notes } = judge(target, probe);
	const findings = new Map(
		probe.report.findings.map((each) => [settingId(each.setting), each]),
	);
	const open = deviations.filter(({ accepted }) => !accepted);
	return {
		version: 1,
		maker,
		host: name,
		login,
		result: results[status],
		changes: open.flatMap((each) => changesOf(each, findings.get(each.key))),
		notes: [
			...deviations.filter(({ accepted }) => accepted).flatMap(noteOf),
			...notes,
		],
	};
}

const exitCodes = { nothing: 0, changes: 2, unknown: 1 } as const;

/** 0 nothing to do, 2 changes, 1 undetermined. */
export function planExitCode({ result }: HostPlan): 0 | 1 | 2 {
	return exitCodes[result];
}
