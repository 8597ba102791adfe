/**
 * Reads /proc/interrupts: the interrupts of every CPU since boot. Two readings
 * give rates. Each count is an unsigned int that wraps, and it restarts when a
 * driver requests its interrupt again.
 */

/** One line of the table: its source, and its count on each CPU, in order. */
interface Line {
	readonly name: string;
	readonly counts: readonly number[];
}

interface Table {
	/** Those that were online. */
	readonly cpus: readonly number[];
	/** By label: an interrupt's number, or a word such as LOC. */
	readonly lines: ReadonlyMap<string, Line>;
}

/** `IO-APIC 5-edge ACPI:Ged` without its chip; for LOC, its description. */
function actionsOf(description: string): string {
	return description.replace(/^.*?\b(?:edge|level|fasteoi)\b\S*\s*/i, "");
}

function lineOf(
	line: string,
	cpus: number,
): readonly [string, Line] | undefined {
	const [, label, rest = ""] = /^ *([\w-]+):(.*)$/.exec(line) ?? [];
	const words = rest.trim().split(/\s+/);
	const counts = words.slice(0, cpus);
	// ERR and MIS have one number for all CPUs.
	const isPerCpu =
		counts.length === cpus && counts.every((count) => /^\d{1,10}$/.test(count));
	if (label === undefined || !isPerCpu) return undefined;
	const name = actionsOf(words.slice(cpus).join(" "));
	return [
		label,
		{ name: `${label} ${name}`.trim(), counts: counts.map(Number) },
	];
}

/** Undefined when the text is not such a table. */
function tableOf(text: string): Table | undefined {
	const [head = "", ...rest] = text.split("\n");
	const names = head.trim().split(/\s+/);
	if (!names.every((name) => /^CPU\d{1,4}$/.test(name))) return undefined;
	const cpus = names.map((name) => Number(name.slice(3)));
	const lines = rest
		.map((line) => lineOf(line, cpus.length))
		.filter((line) => line !== undefined);
	return { cpus, lines: new Map(lines) };
}

/** One source of interrupts. */
export interface Source {
	/** `24 eth0-TxRx-0`, or `LOC Local timer interrupts`. */
	readonly name: string;
	readonly perSecond: number;
}

/** The interrupts of one CPU. */
export interface InterruptRate {
	/** The CPU's own timer, which also drives the tick; undefined if unknown. */
	readonly timer: Source | undefined;
	/** All other sources together. */
	readonly perSecond: number;
	/** The most frequent of the other sources, if there was any. */
	readonly top: Source | undefined;
}

/** By CPU, for those that were online at both readings. */
export type InterruptRates = ReadonlyMap<number, InterruptRate>;

const counterSize = 2 ** 32;

function countBetween(before: number, after: number): number {
	if (after >= before) return after - before;
	const wrapped = after + counterSize - before;
	return wrapped < counterSize / 2 ? wrapped : after;
}

/** LOC on x86 and others; on ARM and RISC-V the timer is an ordinary device. */
function isTimer({ name }: Source): boolean {
	return /^LOC\b|^\d+ (?:arch_timer|riscv-timer)\b/.test(name);
}

function rateOf(sources: readonly Source[]): InterruptRate {
	const others = sources
		.filter((source) => !isTimer(source) && source.perSecond > 0)
		.toSorted((a, b) => b.perSecond - a.perSecond);
	return {
		timer: sources.find(isTimer),
		perSecond: others.reduce((sum, { perSecond }) => sum + perSecond, 0),
		top: others[0],
	};
}

/** Undefined when a reading is not such a table, or no time passed. */
export function ratesBetween(
	before: string,
	after: string,
	seconds: number,
): InterruptRates | undefined {
	const first = tableOf(before);
	const last = tableOf(after);
	if (first === undefined || last === undefined || !(seconds > 0)) {
		return undefined;
	}
	const sourcesOn = (cpu: number): readonly Source[] => {
		const was = first.cpus.indexOf(cpu);
		const is = last.cpus.indexOf(cpu);
		return [...last.lines].map(([label, { name, counts }]) => {
			const earlier = first.lines.get(label)?.counts[was] ?? 0;
			const count = countBetween(earlier, counts[is] ?? 0);
			return { name, perSecond: count / seconds };
		});
	};
	return new Map(
		last.cpus
			.filter((cpu) => first.cpus.includes(cpu))
			.map((cpu) => [cpu, rateOf(sourcesOn(cpu))]),
	);
}
