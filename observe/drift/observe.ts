/**
 * Queries many hosts at once, over one connection each, and changes none. One
 * host's failure or output never affects the others.
 */

import { type Host, type Limit, withHost } from "../../host/call";
import { type Probe, probe } from "../../host/probe";
import { watch, watchLimitSeconds } from "../../host/watch";
import { timeoutPath } from "../../model/timeouts";
import { limiter } from "../../ssh/limiter";
import { createPool, type Pool } from "../../ssh/pool";
import { type HostDrift, judge, unreachable } from "./judge";
import type { Target } from "./target";

export interface ObserveOptions {
	/** How many hosts are queried at once. */
	readonly parallel: number;
	/**
	 * How long one host may take, from the first packet to the last; by default,
	 * what the host declares.
	 */
	readonly timeoutSeconds?: number;
	/** Called for every host that is done. */
	readonly done: (host: HostDrift) => void;
}

// A query should finish sooner than a change.
const usualSeconds = 60;

/** How long a host may take, from the first packet to the last. */
function patienceWith({ connection }: Target, given: number | undefined) {
	const declared =
		typeof connection === "string"
			? undefined
			: connection.timeouts?.probeSeconds;
	return given ?? declared ?? usualSeconds;
}

const raisedBy = `--timeout, or ${timeoutPath("probeSeconds")},`;

// The host's own limit ends earlier, because the host knows what hung.
const earlierSeconds = 5;

function limitWithin(seconds: number): Limit {
	return { seconds: Math.max(1, seconds - earlierSeconds), raisedBy };
}

async function within<Result>(
	seconds: number,
	work: Promise<Result>,
): Promise<Result> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		const why = `did not answer within ${seconds} s; is it overloaded? ${raisedBy} gives it longer`;
		timer = setTimeout(() => reject(new Error(why)), seconds * 1000);
	});
	try {
		return await Promise.race([work, late]);
	} finally {
		clearTimeout(timer);
	}
}

/** What a host answered, or why it did not. */
type Asked<Answer> = { readonly answer: Answer } | { readonly why: string };

function whyText(name: string, error: unknown): string {
	const said = error instanceof Error ? error.message : String(error);
	const isNamed = said.startsWith(`${name}: `);
	return isNamed ? said.slice(name.length + 2) : said;
}

async function ask<Answer>(
	pool: Pool,
	{ name, connection }: Target,
	seconds: number,
	task: (host: Host) => Promise<Answer>,
): Promise<Asked<Answer>> {
	if (typeof connection === "string") return { why: connection };
	try {
		const asked = withHost(pool, name, connection, task);
		return { answer: await within(seconds, asked) };
	} catch (error) {
		return { why: whyText(name, error) };
	}
}

function poolFor(parallel: number, timeoutSeconds: number): Pool {
	return createPool({
		idleSeconds: 0,
		handshakes: parallel,
		patience: {
			attemptSeconds: timeoutSeconds,
			// One retry, for an sshd that sheds load.
			retrySeconds: Math.min(5, timeoutSeconds / 2),
		},
	});
}

/** A host's answers, and what its CPUs did. */
export interface Observed {
	readonly probe: Probe;
	/** Its output while it was watched; undefined when it was not. */
	readonly watched: Asked<string> | undefined;
}

/**
 * Queries one host, as `observe` does, and then watches its CPUs over the same
 * connection. A failure of the watching does not affect the rest.
 *
 * @param given seconds that the host may take; by default, what it declares.
 * @param watchSeconds how long; 0 for not at all.
 */
export function observeAlone(
	target: Target,
	given: number | undefined,
	watchSeconds: number,
): Promise<Asked<Observed>> {
	const { name, settings } = target;
	const timeoutSeconds = patienceWith(target, given);
	const isWatched = watchSeconds > 0;
	const watchLimit = isWatched ? watchLimitSeconds(watchSeconds) : 0;
	const watched = async (host: Host): Promise<Asked<string>> => {
		try {
			return { answer: await watch(host, watchSeconds) };
		} catch (error) {
			return { why: whyText(name, error) };
		}
	};
	return ask(
		poolFor(1, timeoutSeconds),
		target,
		timeoutSeconds + watchLimit,
		async (host) => ({
			probe: await probe(host, settings, limitWithin(timeoutSeconds)),
			watched: isWatched ? await watched(host) : undefined,
		}),
	);
}

/**
 * Judges every host.
 *
 * A host that hangs is given up, but its connection may stay open: the caller
 * ends the process.
 *
 * @returns one entry per target, in the order given.
 */
export function observe(
	targets: readonly Target[],
	options: ObserveOptions,
): Promise<readonly HostDrift[]> {
	const { parallel } = options;
	// A slow host may need a long time to read, but not to log in.
	const pool = poolFor(parallel, options.timeoutSeconds ?? usualSeconds);
	const limited = limiter(parallel);
	return Promise.all(
		targets.map((target) =>
			limited(async () => {
				const seconds = patienceWith(target, options.timeoutSeconds);
				const asked = await ask(pool, target, seconds, (host) =>
					probe(host, target.settings, limitWithin(seconds)),
				);
				const host =
					"why" in asked
						? unreachable(target, asked.why)
						: judge(target, asked.answer);
				options.done(host);
				return host;
			}),
		),
	);
}
