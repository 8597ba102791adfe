/** CPU sets: every spelling of a set is the same set. */
import fc from "fast-check";
import {
	type CpuSet,
	CpuSetError,
	cpuMask,
	cpuNumbers,
	cpuSetOf,
	difference,
	highestCpu,
	intersection,
	isEmpty,
	isSubset,
	parseCpuList,
	parseCpuMask,
	union,
} from "../../model/cpuSet";

// Small numbers make neighbours likely, large ones cross the 32- and 64-bit
// groups of a mask.
const cpu = fc.oneof(
	fc.nat({ max: 12 }),
	fc.integer({ min: 28, max: 70 }),
	fc.nat({ max: highestCpu }),
);
const anySet = fc.array(cpu, { maxLength: 60 }).map(cpuSetOf);
const all = parseCpuList(`0-${highestCpu}`);

test.each([
	["0-3,8", "0-3,8"],
	["8,3,2,1,0,2", "0-3,8"],
	["0-31:2/4", "0-1,4-5,8-9,12-13,16-17,20-21,24-25,28-29"],
	["0-2:1/2,1", "0-2"],
	[" 1 , 2\n", "1-2"],
	["007", "7"],
	["", ""],
	["8191", "8191"],
])("the list %j is %j", (text, set) => {
	expect(parseCpuList(text)).toBe(set);
});

test.each([
	["0,", 'expected a CPU list such as 0-3,8 or 0-31:2/4, got ""'],
	["a-b", 'expected a CPU list such as 0-3,8 or 0-31:2/4, got "a-b"'],
	["-1", 'expected a CPU list such as 0-3,8 or 0-31:2/4, got "-1"'],
	["1:2/4", 'expected a CPU list such as 0-3,8 or 0-31:2/4, got "1:2/4"'],
	["3-1", 'expected a range that ascends, got "3-1"'],
	["0-8192", 'expected CPU numbers from 0 to 8191, got "0-8192"'],
	["99999999999999999999", "expected CPU numbers from 0 to 8191, got"],
	["0-7:0/2", "expected FIRST-LAST:USED/GROUP with USED from 1 to GROUP"],
	["0-7:3/2", "expected FIRST-LAST:USED/GROUP with USED from 1 to GROUP"],
	["0-7:1/0", "expected FIRST-LAST:USED/GROUP with USED from 1 to GROUP"],
])("the list %j is refused", (text, message) => {
	expect(() => parseCpuList(text)).toThrow(CpuSetError);
	expect(() => parseCpuList(text)).toThrow(message);
});

test.each([
	["ff", "0-7"],
	["0x10", "4"],
	["1,00000000", "32"],
	["00000000,00000001,00000000,00000003", "0-1,64"],
	["0", ""],
	["FF\n", "0-7"],
])("the mask %j is %j", (mask, set) => {
	expect(parseCpuMask(mask)).toBe(set);
});

test.each(["", "xyz", "1,2", ",ff", "ff,", "1,000000000"])(
	"the mask %j is refused",
	(mask) => {
		expect(() => parseCpuMask(mask)).toThrow("expected a CPU mask such as ff");
	},
);

test("a mask too wide is refused", () => {
	expect(() => parseCpuMask(`1${"0".repeat(2048)}`)).toThrow(
		"expected CPU numbers from 0 to 8191, got 8192",
	);
});

test.each([-1, 1.5, 8192, Number.NaN])("CPU %p is refused", (bad) => {
	expect(() => cpuSetOf([bad])).toThrow(CpuSetError);
});

test("sets are bigger than a machine word", () => {
	expect(cpuMask(cpuSetOf([0, 31, 32, 63, 64, 127]))).toBe(
		"80000000,00000001,80000001,80000001",
	);
});

test("a list, its numbers and its mask are one set", () => {
	fc.assert(
		fc.property(anySet, (set) => {
			expect(parseCpuList(set)).toBe(set);
			expect(cpuSetOf(cpuNumbers(set))).toBe(set);
			expect(parseCpuMask(cpuMask(set))).toBe(set);
		}),
	);
});

test("numbers survive, sorted and once", () => {
	fc.assert(
		fc.property(fc.array(cpu), (cpus) => {
			const expected = [...new Set(cpus)].toSorted((a, b) => a - b);
			expect(cpuNumbers(cpuSetOf(cpus))).toEqual(expected);
		}),
	);
});

test("strided ranges hold USED of every GROUP", () => {
	const stride = fc
		.record({ first: fc.nat(200), length: fc.nat(300), group: fc.nat(40) })
		.chain((r) =>
			fc.record({
				...{ first: fc.constant(r.first), length: fc.constant(r.length) },
				group: fc.constant(r.group + 1),
				used: fc.integer({ min: 1, max: r.group + 1 }),
			}),
		);
	fc.assert(
		fc.property(stride, ({ first, length, group, used }) => {
			const last = first + length;
			const cpus = cpuNumbers(
				parseCpuList(`${first}-${last}:${used}/${group}`),
			);
			const naive = Array.from({ length: length + 1 }, (_, i) => i)
				.filter((i) => i % group < used)
				.map((i) => first + i);
			expect(cpus).toEqual(naive);
		}),
	);
});

test("the algebra of sets holds", () => {
	const not = (set: CpuSet) => difference(all, set);
	fc.assert(
		fc.property(anySet, anySet, anySet, (a, b, c) => {
			expect(union(a, b)).toBe(union(b, a));
			expect(union(a, union(b, c))).toBe(union(union(a, b), c));
			expect(intersection(a, union(b, c))).toBe(
				union(intersection(a, b), intersection(a, c)),
			);
			expect(not(union(a, b))).toBe(intersection(not(a), not(b)));
			expect(difference(a, b)).toBe(intersection(a, not(b)));
			expect(isEmpty(intersection(difference(a, b), b))).toBe(true);
			expect(isSubset(a, b)).toBe(union(a, b) === b);
			expect(isSubset(intersection(a, b), a)).toBe(true);
		}),
		{ numRuns: 50 },
	);
});

test("the empty set is empty and in every set", () => {
	const none = parseCpuList("");
	expect(isEmpty(none)).toBe(true);
	expect(isEmpty(cpuSetOf([0]))).toBe(false);
	expect(isSubset(none, none)).toBe(true);
	expect(cpuMask(none)).toBe("0");
	expect(cpuNumbers(none)).toEqual([]);
});
