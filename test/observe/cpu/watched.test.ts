/** What a watched host printed: captured on a real kernel, and spoilt. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseWatched } from "../../../observe/cpu/watched";

const captured = (name: string) =>
	readFileSync(join(__dirname, "../../fixtures/watched", name), "utf8");
const withMpstat = captured("mpstat.txt");
const without = captured("no-mpstat.txt");

/** The text without the part, or with another content. */
function changed(text: string, part: string, content?: string): string {
	const expression = new RegExp(`^== ${part}\n[^]*?\n== end\n`, "m");
	expect(text).toMatch(expression);
	return text.replace(
		expression,
		content === undefined ? "" : `== ${part}\n${content}`,
	);
}

test("CPU lists, times by mpstat, rates by the kernel, and how they were got", () => {
	const { online, isolated, nohzFull, times, rates } = parseWatched(withMpstat);
	expect({ online, isolated, nohzFull }).toEqual({
		online: "0-7",
		isolated: "4-7",
		nohzFull: "4-7",
	});
	expect(times.source).toBe("mpstat -P ALL -o JSON, 5.3 s");
	expect(times.value?.get(0)).toMatchObject({ soft: 0.45, idle: 98.65 });
	expect(times.value?.get(4)).toMatchObject({ idle: 0 });
	expect(parseWatched(withMpstat).booksInterrupts).toBe(false);
	expect(rates.source).toBe("/proc/interrupts twice, 5.3 s");
	expect(rates.value?.size).toBe(8);
	// One thread, two threads, none.
	const ticks = [4, 5, 6].map((cpu) => rates.value?.get(cpu)?.timer?.perSecond);
	expect(ticks.map((each) => Math.round(each ?? -1))).toEqual([0, 83, 0]);
});

test("without mpstat, times are the kernel's too", () => {
	const { times } = parseWatched(without);
	expect(times.source).toBe("/proc/stat twice, 6.3 s; there is no mpstat");
	expect(times.value?.get(3)?.idle).toBeCloseTo(97.9, 1);
	expect(times.value?.get(4)?.idle).toBe(0);
	expect(times.value?.get(6)?.idle).toBe(100);
});

describe("mpstat", () => {
	test("that failed", () => {
		const { times } = parseWatched(changed(withMpstat, "mpstat", ""));
		expect(times.source).toBe("/proc/stat twice, 5.3 s; mpstat failed");
		expect(times.value?.size).toBe(8);
	});

	test("that printed something else", () => {
		const text = changed(withMpstat, "mpstat", "Segmentation fault\n== end\n");
		expect(parseWatched(text).times).toMatchObject({
			source: "/proc/stat twice, 5.3 s; what mpstat printed is not known",
			value: { size: 8 },
		});
	});

	test("that printed a table", () => {
		const table = readFileSync(
			join(__dirname, "../../fixtures/mpstat/10.1.5.table.txt"),
			"utf8",
		);
		const text = changed(withMpstat, "mpstat", `${table}\n== end\n`);
		expect(parseWatched(text).times).toMatchObject({
			source: "mpstat -P ALL, 5.3 s",
			value: { size: 6 },
		});
	});
});

describe("a list of CPUs", () => {
	const isolatedAs = (content?: string) =>
		parseWatched(changed(withMpstat, "isolated", content)).isolated;
	test.each([
		["that the kernel does not have is empty", undefined, ""],
		["that is empty is empty", "\n\n== end\n", ""],
		["that was never set is empty", "  (null)\n\n== end\n", ""],
		["that was not read to its end is not known", "4-", undefined],
		["that could not be read is not known", "\n", undefined],
		["that is none is not known", "4-x\n\n== end\n", undefined],
	])("%s", (_, content, expected) => {
		expect(isolatedAs(content)).toBe(expected);
	});

	test("of a kernel that has every list is not empty: some CPU is online", () => {
		expect(parseWatched(changed(withMpstat, "online")).online).toBeUndefined();
	});
});

describe("undetermined", () => {
	test.each(["uptime before", "uptime after", "interrupts before"])(
		"rates without %s",
		(part) => {
			const { rates } = parseWatched(changed(withMpstat, part));
			expect(rates.value).toBeUndefined();
		},
	);

	test("times without mpstat and a second reading", () => {
		const { times } = parseWatched(changed(without, "stat after"));
		expect(times.value).toBeUndefined();
	});

	test("anything of an answer that was truncated before the end", () => {
		fc.assert(
			fc.property(fc.nat({ max: withMpstat.length - 20 }), (length) => {
				const { rates } = parseWatched(withMpstat.slice(0, length));
				expect(rates.value).toBeUndefined();
			}),
		);
	});

	test("anything of anything else, which does no harm", () => {
		const text = fc.array(
			fc.oneof(
				fc.string(),
				fc.constantFrom(...withMpstat.split("\n").slice(0, 60)),
			),
		);
		fc.assert(
			fc.property(text, (lines) => {
				const { rates, times } = parseWatched(lines.join("\n"));
				expect([rates.value, times.value]).toEqual([undefined, undefined]);
			}),
		);
	});
});
