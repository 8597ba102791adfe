/**
 * All arithmetic on sets of CPUs. The kernel writes them in three forms: lists,
 * strided ranges and hexadecimal masks. Here a set has one form, so that equal
 * sets are equal texts and a set is valid JSON data.
 */

declare const brand: unique symbol;

/**
 * A set of CPU numbers as a kernel list in normal form: ascending, with
 * adjacent CPUs joined, such as `0-3,8`. The empty set is the empty text.
 * Compare two sets with `===`.
 */
export type CpuSet = string & { readonly [brand]: "CpuSet" };

/** A text is not a CPU list or mask; the message says what was expected. */
export class CpuSetError extends Error {}

/** The kernel's largest NR_CPUS is 8192. */
export const highestCpu = 8191;

/** What a CPU list looks like, for error messages. */
export const cpuListForm = "a CPU list such as 0-3,8 or 0-31:2/4";

function cpuNumber(digits: string, whole: string): number {
	const cpu = Number(digits);
	if (cpu <= highestCpu) return cpu;
	throw new CpuSetError(
		`expected CPU numbers from 0 to ${highestCpu}, got ${JSON.stringify(whole)}`,
	);
}

function cpusOfPart(part: string): readonly number[] {
	const range = /^(\d+)(?:-(\d+)(?::(\d+)\/(\d+))?)?$/.exec(part);
	if (range === null) {
		throw new CpuSetError(
			`expected ${cpuListForm}, got ${JSON.stringify(part)}`,
		);
	}
	const [, from = "", to = from, usedText = "1", groupText = "1"] = range;
	const first = cpuNumber(from, part);
	const last = cpuNumber(to, part);
	const used = Number(usedText);
	const group = Number(groupText);
	if (first > last) {
		throw new CpuSetError(
			`expected a range that ascends, got ${JSON.stringify(part)}`,
		);
	}
	if (used < 1 || used > group) {
		throw new CpuSetError(
			`expected FIRST-LAST:USED/GROUP with USED from 1 to GROUP, got ${JSON.stringify(part)}`,
		);
	}
	const cpus: number[] = [];
	for (let cpu = first; cpu <= last; cpu++) {
		if ((cpu - first) % group < used) cpus.push(cpu);
	}
	return cpus;
}

/**
 * The set of the given CPU numbers, in any order, repeated or not.
 *
 * @throws CpuSetError when a number is not a CPU number.
 */
export function cpuSetOf(cpus: Iterable<number>): CpuSet {
	const sorted = [...new Set(cpus)].toSorted((a, b) => a - b);
	const bad = sorted.find(
		(cpu) => !Number.isInteger(cpu) || cpu < 0 || cpu > highestCpu,
	);
	if (bad !== undefined) {
		throw new CpuSetError(
			`expected CPU numbers from 0 to ${highestCpu}, got ${bad}`,
		);
	}
	const ranges: { readonly first: number; last: number }[] = [];
	for (const cpu of sorted) {
		const open = ranges.at(-1);
		if (open !== undefined && open.last === cpu - 1) open.last = cpu;
		else ranges.push({ first: cpu, last: cpu });
	}
	return ranges
		.map(({ first, last }) =>
			first === last ? `${first}` : `${first}-${last}`,
		)
		.join(",") as CpuSet;
}

/**
 * Reads a kernel CPU list: numbers, ranges and strided ranges, separated by
 * commas. Whitespace around them is ignored; an empty text is the empty set.
 *
 * @throws CpuSetError when the text is not such a list.
 */
export function parseCpuList(text: string): CpuSet {
	if (text.trim() === "") return cpuSetOf([]);
	return cpuSetOf(text.split(",").flatMap((part) => cpusOfPart(part.trim())));
}

/**
 * Reads a mask as the kernel prints it: hexadecimal digits, the most
 * significant first, in groups of 32 bits separated by commas.
 *
 * @throws CpuSetError when the text is not such a mask.
 */
export function parseCpuMask(text: string): CpuSet {
	const mask = text.trim().replace(/^0x/i, "");
	if (!/^(?:[0-9a-f]+|[0-9a-f]{1,8}(?:,[0-9a-f]{8})+)$/i.test(mask)) {
		throw new CpuSetError(
			`expected a CPU mask such as ff or 1,00000000, got ${JSON.stringify(text)}`,
		);
	}
	const digits = [...mask.replaceAll(",", "")].toReversed();
	return cpuSetOf(
		digits.flatMap((digit, place) => {
			const bits = Number.parseInt(digit, 16);
			return [0, 1, 2, 3]
				.filter((bit) => (bits >> bit) % 2 === 1)
				.map((bit) => place * 4 + bit);
		}),
	);
}

/** The CPUs of a set, ascending. */
export function cpuNumbers(set: CpuSet): readonly number[] {
	return set === "" ? [] : set.split(",").flatMap(cpusOfPart);
}

/** The set as a hexadecimal mask in 32-bit groups: `ff`, `1,00000000`. */
export function cpuMask(set: CpuSet): string {
	let bits = 0n;
	for (const cpu of cpuNumbers(set)) bits |= 1n << BigInt(cpu);
	return bits.toString(16).replace(/\B(?=(?:.{8})+$)/g, ",");
}

/** The CPUs of either set. */
export function union(a: CpuSet, b: CpuSet): CpuSet {
	return cpuSetOf([...cpuNumbers(a), ...cpuNumbers(b)]);
}

/** The CPUs of both sets. */
export function intersection(a: CpuSet, b: CpuSet): CpuSet {
	const other = new Set(cpuNumbers(b));
	return cpuSetOf(cpuNumbers(a).filter((cpu) => other.has(cpu)));
}

/** The CPUs of `a` that are not in `b`. */
export function difference(a: CpuSet, b: CpuSet): CpuSet {
	const other = new Set(cpuNumbers(b));
	return cpuSetOf(cpuNumbers(a).filter((cpu) => !other.has(cpu)));
}

/** Whether every CPU of `a` is in `b`. */
export function isSubset(a: CpuSet, b: CpuSet): boolean {
	return isEmpty(difference(a, b));
}

/** Whether the set has no CPU. */
export function isEmpty(set: CpuSet): boolean {
	return set === "";
}
