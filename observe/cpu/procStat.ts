/**
 * Reads /proc/stat (proc_stat(5)): the time of every CPU since boot, in clock
 * ticks. Two readings give shares of the time between them.
 */
import type { CpuTime, CpuTimes } from "./cpuTime";

/** user, nice, system, idle, iowait, irq, softirq, steal; guests are in user. */
type Ticks = readonly number[];

function ticksByCpu(text: string): ReadonlyMap<number, Ticks> {
	const lines = text.matchAll(/^cpu(\d{1,4})((?: +\d+){4,})$/gm);
	return new Map(
		[...lines].map(([, cpu, ticks = ""]) => [
			Number(cpu),
			ticks.trim().split(/ +/).slice(0, 8).map(Number),
		]),
	);
}

function timeBetween(before: Ticks, after: Ticks): CpuTime | undefined {
	// iowait may decrease, as proc_stat(5) documents.
	const spent = after.map((ticks, at) =>
		Math.max(0, ticks - (before[at] ?? ticks)),
	);
	const total = spent.reduce((sum, ticks) => sum + ticks, 0);
	if (total === 0) return undefined;
	const percent = (at: number) => (100 * (spent[at] ?? 0)) / total;
	return {
		idle: percent(3),
		iowait: percent(4),
		irq: percent(5),
		soft: percent(6),
		steal: percent(7),
	};
}

/**
 * How CPUs spent the time between two readings. CPUs whose counters stood still
 * are left out, because their use is unknown.
 */
export function timesBetween(before: string, after: string): CpuTimes {
	const first = ticksByCpu(before);
	const times = new Map<number, CpuTime>();
	for (const [cpu, ticks] of ticksByCpu(after)) {
		const time = timeBetween(first.get(cpu) ?? [], ticks);
		if (time !== undefined) times.set(cpu, time);
	}
	return times;
}

/**
 * Whether this kernel accounts interrupt time. Without
 * CONFIG_IRQ_TIME_ACCOUNTING, every CPU's count stays 0. Undefined when that is
 * unknown.
 */
export function booksInterrupts(text: string): boolean | undefined {
	const cpus = [...ticksByCpu(text).values()];
	return cpus.length === 0
		? undefined
		: cpus.some(([, , , , , irq = 0]) => irq > 0);
}
