/**
 * Confirms for hosts whose HostReady waits for its turn. Pulumi does a limited
 * number of operations at once, so that in a large fleet it may come to a host
 * long after its apply, when a host that nobody confirms has gone back.
 *
 * Only the change to the settings that were left there is confirmed: another
 * may come from another run. A host is looked at now and then from its update on, until HostReady begins:
 * in all but large fleets that is before the first look.
 */

import { withHost } from "../host/call";
import { confirm } from "../host/client";
import { status } from "../host/probe";
import { isChangeTo } from "../host/protocol";
import type { Report } from "../model/report";
import type { RemoteConnection } from "../ssh/connection";
import type { Pool } from "../ssh/pool";

export interface TrialWatch {
	/** An apply of the settings with this SHA-256 will follow. */
	begin(name: string, connection: RemoteConnection, settingsHash: string): void;
	/** HostReady does it from here. */
	end(name: string): void;
}

interface Watched {
	readonly name: string;
	readonly connection: RemoteConnection;
	readonly settingsHash: string;
}

const looks = 120;

/** The change that waits to be confirmed, once the run that applies it has ended. */
function endedChange({ interrupted, trials }: Report): string | undefined {
	if (interrupted !== undefined) return undefined;
	return trials.find(({ kind }) => kind === "live")?.change;
}

/**
 * @param seconds between two looks at a host.
 */
export function trialWatch(pool: Pool, seconds: number): TrialWatch {
	const timers = new Map<string, NodeJS.Timeout>();

	async function look({ name, connection, settingsHash }: Watched) {
		const change = endedChange(await withHost(pool, name, connection, status));
		if (change !== undefined && isChangeTo(change, settingsHash)) {
			// A login that was made before the change ended proves nothing.
			pool.forget(connection);
			await withHost(pool, name, connection, (host) => confirm(host, change));
		}
	}

	function wait(watched: Watched, left: number) {
		const { name } = watched;
		const timer = setTimeout(async () => {
			// What goes wrong here is HostReady's to find and to say.
			await look(watched).catch(() => undefined);
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
			wait({ name, connection, settingsHash }, looks);
		},
		end,
	};
}
