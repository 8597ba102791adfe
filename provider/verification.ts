/**
 * Whether a host is ready, judged from its report. Pure, so that a table of
 * tests covers every outcome and every word.
 */

import { settingsHash } from "../host/protocol";
import type { Report } from "../model/hostReport";
import type { RebootPolicy } from "../model/hostSpec";
import { shortened } from "../model/printable";
import { isDeployed, settingId } from "../model/settings";
import {
	expectedText,
	type Finding,
	unsupportedReason,
	type Verdict,
} from "../model/verdict";
import { placedText } from "../observe/drift/judge";

/** The result of verifying a host; the stack's `status` output. */
export interface HostStatus {
	readonly bootId: string;
	/**
	 * The number of settings per verdict; verdicts without settings are omitted.
	 */
	readonly verdicts: { readonly [verdict in Verdict]?: number };
	readonly pendingReboot: readonly string[];
	/** Setting id to the reason. */
	readonly unsupported: { readonly [id: string]: string };
}

/** What the host should have received. */
export interface Expectation {
	readonly host: string;
	/** SHA-256 of the settings' text. */
	readonly settingsHash: string;
	/** SHA-256 of the host program. */
	readonly program: string;
}

const nextStep = "run `pulumi up --refresh`";

/**
 * Why a report does not describe what was applied, in one sentence; undefined
 * when it does.
 */
export function wrongReport(
	report: Report,
	expected: Expectation,
): string | undefined {
	const { host } = expected;
	if (report.rolledBack !== undefined) {
		return `${host}: ROLLED BACK: ${report.rolledBack}; the settings from before are in effect; next: correct the inventory, then ${nextStep}`;
	}
	if (report.program !== expected.program) {
		return `${host}: another host program is installed: expected ${expected.program}, got ${report.program}; ${nextStep}`;
	}
	if (report.interrupted !== undefined) {
		return `${host}: ${report.interrupted} was interrupted on the host; ${nextStep}`;
	}
	if (report.settingsHash !== expected.settingsHash) {
		return `${host}: the host holds other settings than these: expected ${expected.settingsHash}, got ${report.settingsHash ?? "none"}; is another stack managing it? otherwise ${nextStep}`;
	}
	// The status in state describes these settings; a host can list any.
	if (settingsHash(report.settings) !== expected.settingsHash) {
		return `${host}: the host lists other settings than the ${expected.settingsHash} that it holds; ${nextStep}`;
	}
	return undefined;
}

/**
 * One finding per setting that the host received. Settings that a deployment
 * makes effective are left out, because it waits for the host to be ready.
 */
export function findingsOf(report: Report): readonly Finding[] {
	return report.findings.filter(({ setting }) => !isDeployed(setting));
}

/** Settings that keep the host from being ready. */
export function failuresOf(
	findings: readonly Finding[],
	mayWait: boolean,
): readonly Finding[] {
	return findings.filter(
		({ verdict }) =>
			verdict !== "ok" &&
			verdict !== "unsupported" &&
			!(verdict === "pendingReboot" && mayWait),
	);
}

/** Settings that wait for a reboot. */
export function waitingOf(findings: readonly Finding[]): readonly Finding[] {
	return findings.filter(({ verdict }) => verdict === "pendingReboot");
}

/** Whether a setting may wait for a reboot under this policy. */
export function mayWait(reboot: RebootPolicy): boolean {
	return reboot === "manual";
}

function aligned(rows: readonly (readonly string[])[]): string {
	const widths = (rows[0] ?? []).map((_, column) =>
		Math.max(...rows.map((row) => row[column]?.length ?? 0)),
	);
	return rows
		.map((row) =>
			row
				.map((cell, column) => cell.padEnd(widths[column] ?? 0))
				.join("  ")
				.trimEnd(),
		)
		.join("\n");
}

/**
 * What to do next. Where a reboot may be ordered, settings that still wait for
 * one were not applied by the boot that was ordered for them.
 */
function afterFailure(
	failures: readonly Finding[],
	reboot: RebootPolicy,
): string {
	if (reboot !== "auto" || waitingOf(failures).length < failures.length) {
		return nextStep;
	}
	return `the host was rebooted for these settings and runs without them, so it is not rebooted for them again; see which entry its boot loader boots and what its kernel says (/proc/cmdline, dmesg), then reboot it yourself and ${nextStep}`;
}

// A host can print any number of rows, such as a value per queue.
const mostRows = 60;
const longestCell = 80;

/** The failures as a table, between two sentences. */
export function failureText(
	host: string,
	failures: readonly Finding[],
	reboot: RebootPolicy,
): string {
	const rows = failures
		.slice(0, mostRows)
		.map((f) =>
			[
				settingId(f.setting),
				expectedText(f.setting),
				placedText(f.live, expectedText(f.setting)),
				placedText(f.boot, expectedText(f.setting)),
				f.verdict,
			].map((cell) => shortened(cell, longestCell)),
		);
	const table = aligned([
		["key", "expected", "live", "after reboot", "verdict"],
		...rows,
	]);
	const more = failures.length - rows.length;
	const rest = more > 0 ? `\n... and ${more} more` : "";
	return `${host}: not ready: ${failures.length} of its settings are not effective\n${table}${rest}\nnext: ${afterFailure(failures, reboot)}`;
}

/** The summary that is kept for a host without failures. */
export function statusOf(
	bootId: string,
	findings: readonly Finding[],
): HostStatus {
	const verdicts: { [verdict in Verdict]?: number } = {};
	for (const { verdict } of findings) {
		verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
	}
	const unsupported = findings.filter((f) => f.verdict === "unsupported");
	return {
		bootId,
		verdicts,
		pendingReboot: findings
			.filter((f) => f.verdict === "pendingReboot")
			.map((f) => settingId(f.setting)),
		unsupported: Object.fromEntries(
			unsupported.map((f) => [settingId(f.setting), unsupportedReason(f)]),
		),
	};
}
