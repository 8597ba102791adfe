/**
 * HostState's state after a create or an update, and its new revisions. Pure:
 * test/provider has a line per rule.
 */
import { sameData } from "../model/plainData";
import { settingId } from "../model/settings";
import type { Finding } from "../model/verdict";
import {
	declaredSettings,
	expectedProgram,
	type HostStateInputs,
	type HostStateOutputs,
} from "../observe/drift/hostStateOutputs";
import { isFresh } from "./hostStateInputs";
import { needsApply, reasonsOf } from "./stateAfterRead";

// Known before apply runs, so that the first refresh after it is clean.
function willWait(findings: readonly Finding[]): readonly string[] {
	return findings
		.filter(
			({ setting, verdict }) =>
				verdict === "pendingReboot" ||
				(verdict === "liveDrift" && setting.effect === "reboot"),
		)
		.map((f) => settingId(f.setting));
}

function isDrifted(state: HostStateOutputs): boolean {
	return Object.keys(state.declared).some((id) =>
		needsApply(state.settings[id]),
	);
}

// Only changed settings or another machine need an apply. A new program alone
// does not: if it would do something else, its probe shows a key that differs.
function mustApply(olds: HostStateOutputs, news: HostStateInputs): boolean {
	return (
		isDrifted(olds) ||
		expectedProgram(olds) === undefined ||
		isFresh(olds, news) ||
		!sameData(declaredSettings(olds), news.settings) ||
		!sameData(olds.rules, news.rules)
	);
}

// An artifact that was declared before was uploaded then, and is uploaded only
// once.
function hasLostArtifact(
	olds: HostStateOutputs,
	news: HostStateInputs,
	findings: readonly Finding[],
): boolean {
	const before = declaredSettings(olds);
	return findings.some(({ setting, verdict }) => {
		const id = settingId(setting);
		return (
			/^applications\.[^.]+\.artifact$/.test(id) &&
			verdict !== "ok" &&
			before[id] === news.settings[id]
		);
	});
}

/**
 * The state after a create or an update. Apply is a resource of its own and
 * comes next, so every supported key is expected to become as declared.
 *
 * @param olds undefined for a create.
 */
export function stateAfterChange(
	olds: HostStateOutputs | undefined,
	news: HostStateInputs,
	findings: readonly Finding[],
	owner?: string,
): HostStateOutputs {
	const applyMoves = olds === undefined || mustApply(olds, news);
	const uploads = olds !== undefined && hasLostArtifact(olds, news, findings);
	return {
		...news,
		declared: {},
		applyRevision: (olds?.applyRevision ?? 0) + (applyMoves ? 1 : 0),
		readyRevision: (olds?.readyRevision ?? 0) + 1,
		uploadRevision: (olds?.uploadRevision ?? 0) + (uploads ? 1 : 0),
		pendingReboot: news.reboot === "auto" ? [] : willWait(findings),
		unsupported: reasonsOf(findings),
		...(owner === undefined ? {} : { owner }),
	};
}
