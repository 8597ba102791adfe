/**
 * Confirms provisional changes of hosts whose HostReady has not begun. Pulumi
 * limits how many operations run at once. In a large fleet, HostReady may begin
 * long after apply, when an unconfirmed host has already reverted.
 *
 * Only the change to the settings stored there is confirmed, because another
 * change may come from another run. Each host is checked at intervals from its
 * update until HostReady begins. Only in large fleets does the first check come
 * before that.
 */

import { withHost } from "../host/call";
import { confirm } from "../host/client";
import { status } from "../host/probe";
import { isChangeTo } from "../host/protocol";
import type { Report } from "../model/hostReport";
import type { Pool } from "../ssh/pool";
import type { RemoteConnection } from "../ssh/remoteConnection";

export interface ProvisionalWatch {
	/** An apply of the settings with this SHA-256 will follow. */
	begin(name: string, connection: RemoteConnection, settingsHash: string): void;
	/** HostReady takes over from here. */
	end(name: string): void;
}

interface Watched {
	readonly name: string;
	readonly connection: RemoteConnection;
	readonly settingsHash: string;
}

const mostChecks = 120;

/**
 * The change that waits for confirmation, once the run that applies it has
 * ended.
 */
function endedChange({ interrupted, provisional }: Report): string | undefined {
	if (interrupted !== undefined) return undefined;
	return provisional.find(({ kind }) => kind === "live")?.change;
}

/** @param seconds between two checks of a host. */
export function provisionalWatch(
	pool: Pool,
	seconds: number,
): ProvisionalWatch {
	const timers = new Map<string, NodeJS.Timeout>();

	async function confirmIfApplied({ name, connection, settingsHash }: Watched) {
		const change = endedChange(await withHost(pool, name, connection, status));
		if (change !== undefined && isChangeTo(change, settingsHash)) {
			// A login from before the change ended proves nothing.
			pool.forget(connection);
			await withHost(pool, name, connection, (host) => confirm(host, change));
		}
	}

	function wait(watched: Watched, left: number) {
		const { name } = watched;
		const timer = setTimeout(async () => {
			// HostReady will find the failure and report it.
			await confirmIfApplied(watched).catch(() => undefined);
			if (timers.get(name) === timer && left > 1) {
				wait(watched, left - 1);
			}
		}, seconds * 1000);
		timer.unref();
		timers.set(name, timer);
	}

	function end(name: string) {
		clearTimeout(timers.get(name));
		timers.delete(name);
	}

	return {
		begin(name, connection, settingsHash) {
			end(name);
			wait({ name, connection, settingsHash }, mostChecks);
		},
		end,
	};
}
