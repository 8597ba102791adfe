/** /proc/stat, read twice. */
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { booksInterrupts, timesBetween } from "../../../observe/cpu/procStat";

const between = (before: string, after: string) =>
	Object.fromEntries(timesBetween(before, after));

test("time between two readings, in percent of each CPU's own ticks", () => {
	const before = [
		"cpu  1 1 1 1 1 1 1 1 1 1",
		"cpu0 100 0 100 1000 50 10 20 5 70 0",
		"cpu11 0 0 0 500 0 0 0 0 0 0",
		"intr 1 2 3",
	].join("\n");
	const after = [
		"cpu  9 9 9 9 9 9 9 9 9 9",
		"cpu0 120 0 110 1040 60 12 23 20 90 0",
		"cpu11 0 0 0 900 0 0 0 0 0 0",
		"intr 9 9 9",
	].join("\n");
	expect(between(before, after)).toEqual({
		0: { idle: 40, iowait: 10, irq: 2, soft: 3, steal: 15 },
		11: { idle: 100, iowait: 0, irq: 0, soft: 0, steal: 0 },
	});
});

describe("the time of a CPU is undetermined", () => {
	test.each([
		["whose counters stood still", "cpu1 5 5 5 5 5", "cpu1 5 5 5 5 5"],
		["that came online", "cpu0 1 1 1 1", "cpu1 5 5 5 5 5"],
		["that went offline", "cpu1 5 5 5 5 5", "cpu0 1 1 1 1"],
		["of a line that is none", "cpu1 5 5 5 5 5", "cpu1 5 5 x 9 9"],
		["of nothing", "", ""],
	])("%s", (_, before, after) => {
		expect(between(before, after)).toEqual({});
	});
});

test("a kernel of before steal, and iowait that went backwards", () => {
	expect(between("cpu0 0 0 0 0 9", "cpu0 50 0 0 50 3")).toEqual({
		0: { idle: 50, iowait: 0, irq: 0, soft: 0, steal: 0 },
	});
});

test("shares are shares, whatever the counters", () => {
	const ticks = fc.array(fc.nat(), { minLength: 4, maxLength: 10 });
	fc.assert(
		fc.property(ticks, ticks, (before, after) => {
			const line = (counts: readonly number[]) => `cpu3 ${counts.join(" ")}`;
			const time = timesBetween(line(before), line(after)).get(3);
			const shares = Object.values(time ?? {});
			expect(shares.every((share) => share >= 0)).toBe(true);
			const total = shares.reduce((sum, share) => sum + share, 0);
			expect(total).toBeLessThan(100.001);
		}),
	);
});

test.each([
	["cpu 9 9 9 9 9 9\ncpu0 1 1 1 1 1 0 5\ncpu1 1 1 1 1 1 2 0", true],
	["cpu 9 9 9 9 9 9\ncpu0 1 1 1 1 1 0 5\ncpu1 1 1 1 1 1 0 0", false],
	["cpu0 1 1 1 1", false],
	["cpu 9 9 9 9 9 9", undefined],
])("whether a kernel books the time of interrupts: %j", (text, books) => {
	expect(booksInterrupts(text)).toBe(books);
});
