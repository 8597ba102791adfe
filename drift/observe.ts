/**
 * Asks many hosts at once what they are, over one connection each, and changes
 * none. Whatever a host does or prints, the others are judged.
 */

import { limiter } from "../provider/limiter";
import { type Probe, probe, withHost } from "../provider/remoteProgram";
import { createPool, type Pool } from "../provider/sshPool";
import { type HostDrift, judge, unreachable } from "./judge";
import type { Target } from "./target";

export interface ObserveOptions {
	/** How many hosts are asked at once. */
	readonly parallel: number;
	/** How long one host may take, from the first packet to the last. */
	readonly timeoutSeconds: number;
	/** Told of every host that is done. */
	readonly done: (host: HostDrift) => void;
}

async function within<Result>(
	seconds: number,
	work: Promise<Result>,
): Promise<Result> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		const why = `did not answer within ${seconds} s; is it overloaded? --timeout gives it longer`;
		timer = setTimeout(() => reject(new Error(why)), seconds * 1000);
	});
	try {
		return await Promise.race([work, late]);
	} finally {
		clearTimeout(timer);
	}
}

/** What a host answered, or why it did not. */
type Asked = { readonly probe: Probe } | { readonly why: string };

async function ask(
	pool: Pool,
	{ name, connection, settings }: Target,
	seconds: number,
): Promise<Asked> {
	if (typeof connection === "string") return { why: connection };
	try {
		const asked = withHost(pool, name, connection, (host) =>
			probe(host, settings, seconds),
		);
		return { probe: await within(seconds, asked) };
	} catch (error) {
		const said = error instanceof Error ? error.message : String(error);
		const isNamed = said.startsWith(`${name}: `);
		return { why: isNamed ? said.slice(name.length + 2) : said };
	}
}

function poolFor(parallel: number, timeoutSeconds: number): Pool {
	return createPool({
		idleSeconds: 0,
		handshakes: parallel,
		patience: {
			attemptSeconds: timeoutSeconds,
			// Once more, for an sshd that sheds load.
			retrySeconds: Math.min(5, timeoutSeconds / 2),
		},
	});
}

/** Asks one host, as `observe` does. */
export function observeAlone(
	target: Target,
	timeoutSeconds: number,
): Promise<Asked> {
	return ask(poolFor(1, timeoutSeconds), target, timeoutSeconds);
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
	const { parallel, timeoutSeconds } = options;
	const pool = poolFor(parallel, timeoutSeconds);
	const limited = limiter(parallel);
	return Promise.all(
		targets.map((target) =>
			limited(async () => {
				const asked = await ask(pool, target, timeoutSeconds);
				const host =
					"why" in asked
						? unreachable(target, asked.why)
						: judge(target, asked.probe);
				options.done(host);
				return host;
			}),
		),
	);
}
