/**
 * Confirms for hosts whose HostReady waits for its turn. Pulumi does a limited
 * number of operations at once, so that in a large fleet it may come to a host
 * long after its apply, when a host that nobody confirms has gone back.
 *
 * A host is looked at now and then from its update on, until HostReady begins:
 * in all but large fleets that is before the first look.
 */
import type { RemoteConnection } from "./connection";
import { confirm, onTrial, withHost } from "./remoteProgram";
import type { Pool } from "./sshPool";

export interface TrialWatch {
	/** An apply will follow. */
	begin(name: string, connection: RemoteConnection): void;
	/** HostReady does it from here. */
	end(name: string): void;
}

const looks = 120;

/**
 * @param seconds between two looks at a host.
 */
export function trialWatch(pool: Pool, seconds: number): TrialWatch {
	const timers = new Map<string, NodeJS.Timeout>();

	async function look(name: string, connection: RemoteConnection) {
		// A login that was made before the change ended proves nothing.
		if (await withHost(pool, name, connection, onTrial)) {
			pool.forget(connection);
			await withHost(pool, name, connection, confirm);
		}
	}

	function wait(name: string, connection: RemoteConnection, left: number) {
		const timer = setTimeout(async () => {
			// What goes wrong here is HostReady's to find and to say.
			await look(name, connection).catch(() => undefined);
			if (timers.get(name) === timer && left > 1) {
				wait(name, connection, left - 1);
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
		begin(name, connection) {
			end(name);
			wait(name, connection, looks);
		},
		end,
	};
}
