/**
 * HostReady: the proof that a host is as declared, after apply and, where the
 * policy allows it, after a reboot. It fails instead of reporting, because its
 * dependents must not start on a host that is not ready.
 */

import { programFor, programsFor } from "../host/assemble";
import { withHost } from "../host/call";
import { install, noteNotApplied } from "../host/client";
import { status } from "../host/probe";
import type { RebootPolicy } from "../model/hostSpec";
import { sameData } from "../model/plainData";
import { SshError } from "../ssh/errors";
import type { RemoteConnection } from "../ssh/remoteConnection";
import { mustBeReachable } from "./gone";
import { confirmedReport } from "./provisional";
import { rebootAndWait } from "./reboot";
import type { HostTools, ResourceHandler } from "./resourceHandler";
import { settled } from "./settled";
import {
	failuresOf,
	failureText,
	findingsOf,
	type HostStatus,
	mayWait,
	statusOf,
	waitingOf,
	wrongReport,
} from "./verification";

export interface HostReadyInputs {
	readonly host: string;
	readonly connection: RemoteConnection;
	/** Of HostState: changes when the host must be verified again. */
	readonly readyRevision: number;
	/** SHA-256 of the settings' text. */
	readonly settingsHash: string;
	readonly reboot: RebootPolicy;
	readonly rebootTimeoutSeconds: number;
	readonly rollbackSeconds: number;
}

/**
 * What is kept; every step of a deployment writes the whole state again. A
 * change of any other input changes `readyRevision`.
 */
export type HostReadyState = HostStatus &
	Pick<
		HostReadyInputs,
		"host" | "connection" | "readyRevision" | "settingsHash"
	>;

// metaltune.service may still be applying settings after sshd answers, and an
// interface that comes up restarts it.
const settleSeconds = 60;
const settlePollMilliseconds = 2000;

// How long a host may take to restore the previous settings.
const goBackSeconds = 120;

interface Subject {
	readonly tools: HostTools;
	readonly urn: string;
	readonly inputs: HostReadyInputs;
}

async function observe(
	{ tools, urn, inputs }: Subject,
	patienceSeconds: number,
) {
	const { host, connection, settingsHash } = inputs;
	const report = await confirmedReport({
		name: host,
		connection,
		pool: tools.pool,
		settingsHash,
		patienceSeconds,
		progress: (text) => tools.log.progress(urn, text),
	});
	// A host whose applications were removed still has the program that removed
	// them.
	const { settings } = report;
	const program =
		programsFor(settings).find(({ hash }) => hash === report.program) ??
		programFor(settings);
	const wrong = wrongReport(report, {
		host,
		settingsHash,
		program: program.hash,
	});
	if (wrong !== undefined) {
		throw new SshError("command", wrong);
	}
	const findings = findingsOf(report);
	// A key that is no longer declared has no finding.
	const waits = report.rebootRequired || waitingOf(findings).length > 0;
	const wasRebooted = report.notApplied === settingsHash;
	const isRight = program === programFor(settings);
	const { bootId } = report;
	return { bootId, waits, wasRebooted, findings, settings, isRight };
}

type Observed = Awaited<ReturnType<typeof observe>>;

const pause = () =>
	new Promise<void>((resolve) => setTimeout(resolve, settlePollMilliseconds));

async function observeAfterReboot(subject: Subject): Promise<Observed> {
	const { tools, inputs } = subject;
	const { host, connection, rollbackSeconds, rebootTimeoutSeconds } = inputs;
	const started = performance.now();
	const waited = (seconds: number) =>
		performance.now() - started > seconds * 1000;
	return settled({
		observe: () =>
			observe(
				subject,
				// A host that is not confirmed reboots once more.
				rollbackSeconds + goBackSeconds + rebootTimeoutSeconds,
			),
		// Waiting does not help settings that this boot did not apply.
		isGood: ({ findings }) => failuresOf(findings, true).length === 0,
		isAtWork: async () =>
			(await withHost(tools.pool, host, connection, status)).isActivating,
		pause,
		isSettled: () => waited(settleSeconds),
		isLate: () => waited(rebootTimeoutSeconds),
	});
}

/**
 * Reboots and observes again, unless a reboot for the same settings did not
 * apply them. Otherwise a host whose loader boots another entry, or whose
 * kernel ignores its parameters, would reboot with every deployment.
 */
async function rebootOnce(
	subject: Subject,
	observed: Observed,
): Promise<Observed> {
	const { tools, urn, inputs } = subject;
	const { host, connection, settingsHash } = inputs;
	if (waitingOf(observed.findings).length > 0 && observed.wasRebooted) {
		return observed;
	}
	await rebootAndWait({
		name: host,
		connection,
		timeoutSeconds: inputs.rebootTimeoutSeconds,
		rollbackSeconds: inputs.rollbackSeconds,
		pool: tools.noRetryPool,
		progress: (text) => tools.log.progress(urn, text),
	});
	tools.pool.forget(connection);
	const rebooted = await observeAfterReboot(subject);
	if (waitingOf(rebooted.findings).length > 0) {
		await withHost(tools.pool, host, connection, (on) =>
			noteNotApplied(on, settingsHash),
		);
	}
	return rebooted;
}

async function verify(
	tools: HostTools,
	urn: string,
	inputs: HostReadyInputs,
): Promise<HostReadyState> {
	const { host, connection, reboot, rollbackSeconds } = inputs;
	const subject = { tools, urn, inputs };
	tools.provisional.end(host);
	let observed = await observe(subject, rollbackSeconds + goBackSeconds);
	const others = failuresOf(observed.findings, true);
	if (observed.waits && others.length === 0 && reboot === "auto") {
		observed = await rebootOnce(subject, observed);
	}
	const failures = failuresOf(observed.findings, mayWait(reboot));
	if (failures.length > 0) {
		throw new SshError("command", failureText(host, failures, reboot));
	}
	if (!observed.isRight) {
		await withHost(tools.pool, host, connection, (on) =>
			install(on, observed.settings),
		);
	}
	const proved = statusOf(observed.bootId, observed.findings);
	if (observed.waits && mayWait(reboot)) {
		const keys = proved.pendingReboot.join(", ");
		tools.log.warn(
			urn,
			`${host}: waits for a reboot that you have to order (reboot: manual): ${keys || "what is no longer declared"}`,
		);
	}
	const { readyRevision, settingsHash } = inputs;
	return { host, connection, readyRevision, settingsHash, ...proved };
}

/** The resource type `metaltune:index:HostReady`. */
export function hostReady(
	tools: HostTools,
): ResourceHandler<HostReadyInputs, HostReadyState> {
	return {
		id: (inputs) => inputs.host,
		diff: (olds, news) => ({
			changes:
				olds.readyRevision !== news.readyRevision ||
				// Revisions of another machine's HostState start again.
				!sameData(olds.connection, news.connection) ||
				olds.settingsHash !== news.settingsHash,
			replaces: [],
		}),
		create: (urn, inputs) => verify(tools, urn, inputs),
		update: (urn, _olds, news) => verify(tools, urn, news),
		// HostState observes; a second read would cost a second probe.
		read: async (_urn, state) => ({ state, inputs: undefined }),
		// Deleted before the others, so that all stay if one cannot be reverted. A
		// machine with a new name may have a new address too.
		delete: async (_urn, state) =>
			tools.claims.of(state.connection.hostKey) === undefined
				? mustBeReachable(tools.pool, state.host, state.connection)
				: undefined,
	};
}
