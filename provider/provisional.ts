/**
 * Confirms a change that may have cut the login. Such a change is provisional:
 * only a new login confirms it. Without one, the host reverts it, and this code
 * waits for that to report the reason.
 */

import { withHost } from "../host/call";
import { confirm } from "../host/client";
import { probeInstalled } from "../host/probe";
import { isChangeTo } from "../host/protocol";
import type { Report } from "../model/hostReport";
import { isTransient, SshError } from "../ssh/errors";
import type { Pool } from "../ssh/pool";
import type { RemoteConnection } from "../ssh/remoteConnection";

export interface ConfirmOptions {
	readonly name: string;
	readonly connection: RemoteConnection;
	readonly pool: Pool;
	/** SHA-256 of the settings whose provisional change may be confirmed here. */
	readonly settingsHash: string;
	/** How long to wait for a login before giving up. */
	readonly patienceSeconds: number;
	readonly progress: (text: string) => void;
}

const pollMilliseconds = 2000;

/** Existing connections do not show whether a new login works. */
async function probeAndConfirm(options: ConfirmOptions): Promise<Report> {
	const { pool, name, connection, settingsHash, progress } = options;
	const report = await withHost(
		pool,
		name,
		connection,
		probeInstalled,
		progress,
	);
	const unconfirmed = report.provisional.find(
		// Earlier versions of the host program did not name their changes.
		({ begun, change }) =>
			begun && (change === "-" || isChangeTo(change, settingsHash)),
	);
	if (report.rolledBack !== undefined || unconfirmed === undefined) {
		return report;
	}
	pool.forget(connection);
	return withHost(
		pool,
		name,
		connection,
		async (host) =>
			(await confirm(host, unconfirmed.change)) ? report : probeInstalled(host),
		progress,
	);
}

function isCutOff(error: unknown): error is SshError {
	return (
		isTransient(error) ||
		(error instanceof SshError && error.failure === "authentication")
	);
}

/**
 * Probes a host by its last settings, and confirms its provisional changes.
 *
 * @returns the report; `rolledBack` says when it was too late.
 * @throws SshError when no login succeeds in all that time.
 */
export async function confirmedReport(
	options: ConfirmOptions,
): Promise<Report> {
	const { name, connection, pool, patienceSeconds } = options;
	const giveUpAt = performance.now() + patienceSeconds * 1000;
	for (;;) {
		try {
			return await probeAndConfirm(options);
		} catch (error) {
			if (!isCutOff(error)) {
				throw error;
			}
			if (performance.now() > giveUpAt) {
				throw new SshError(
					error.failure,
					`${error.message}; no login succeeded for ${patienceSeconds} s after the change. By then the host should have reverted it; check the console of ${name}`,
				);
			}
			options.progress(`${name}: waiting for a login`);
		}
		pool.forget(connection);
		await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
	}
}
