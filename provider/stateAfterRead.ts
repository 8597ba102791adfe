/** HostState's state after a refresh. Pure: test/provider has a line per rule. */
import { type Setting, settingId } from "../model/settings";
import {
	type Finding,
	observedText,
	unsupportedReason,
} from "../model/verdict";
import {
	damagedRecords,
	declaredSettings,
	type HostStateOutputs,
	noProgram,
	settingsOf,
	type Texts,
} from "../observe/drift/hostStateOutputs";

/** The result of a refresh. */
export interface Observation {
	/** Of the settings that `wantedSettings` returns. */
	readonly findings: readonly Finding[];
	/** SHA-256 of the installed program; undefined when there is none. */
	readonly installed: string | undefined;
	/** Records of the host program that apply must repair. */
	readonly damaged?: readonly string[];
}

/** In `settings`, for a key that needs no apply. */
const waitsForReboot = "pending reboot";
const wasRebooted = "effective since a reboot";

/** Whether a key's text in a state means that it needs an apply. */
export function needsApply(text: string | undefined): boolean {
	return text !== waitsForReboot && text !== wasRebooted;
}

/** The settings that a refresh reads from the host. */
export function wantedSettings(
	state: HostStateOutputs,
	order: readonly string[],
): readonly Setting[] {
	const settings = declaredSettings(state);
	return settingsOf({ settings, rules: state.rules }, order);
}

/** Why the host does not support keys. */
export function reasonsOf(findings: readonly Finding[]): Texts {
	return Object.fromEntries(
		findings
			.filter((f) => f.verdict === "unsupported")
			.map((f) => [settingId(f.setting), unsupportedReason(f)]),
	);
}

// A key that only needs verification differs too, but needs no apply.
function refreshedText(finding: Finding, acknowledged: boolean): string {
	switch (finding.verdict) {
		case "unsupported":
			return finding.setting.value;
		case "pendingReboot":
			return acknowledged ? finding.setting.value : waitsForReboot;
		case "ok":
			return acknowledged ? wasRebooted : finding.setting.value;
		default:
			return observedText(finding);
	}
}

function programText({ installed, damaged = [] }: Observation): string {
	return damaged.length > 0
		? `${damagedRecords}${damaged.join(", ")}`
		: (installed ?? noProgram);
}

/** The state after a refresh; equal to the old one when nothing changed. */
export function stateAfterRead(
	state: HostStateOutputs,
	observation: Observation,
	order: readonly string[],
): HostStateOutputs {
	const declared = declaredSettings(state);
	// Settings that this version cannot judge stay as the other version left them.
	const judged = observation.findings.filter(({ setting }) =>
		order.includes(setting.tunable),
	);
	const texts = judged.map((f) => {
		const id = settingId(f.setting);
		return [id, refreshedText(f, state.pendingReboot.includes(id))] as const;
	});
	const drifted = texts.filter(([id, text]) => text !== declared[id]);
	return {
		...state,
		settings: { ...declared, ...Object.fromEntries(texts) },
		program: programText(observation),
		declared: Object.fromEntries(
			drifted.map(([id]) => [id, declared[id] ?? ""]),
		),
		unsupported: reasonsOf(judged),
	};
}
