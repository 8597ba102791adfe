/** /proc/interrupts, read twice. */
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { ratesBetween } from "../../../observe/cpu/procInterrupts";

const head = "           CPU0       CPU2       ";
const table = (...lines: readonly string[]) => [head, ...lines, ""].join("\n");

function rates(before: string, after: string, seconds = 10) {
	const result = ratesBetween(before, after, seconds);
	return result && Object.fromEntries(result);
}

test("rates by CPU, the timer by itself, and what was most of the rest", () => {
	const before = table(
		" 24:        100          0  IR-PCI-MSIX-0000:3b:00.0    1-edge      mlx5_comp0@pci:0000:3b:00.0",
		"LOC:       1000       1000   Local timer interrupts",
		"RES:          5          5   Rescheduling interrupts",
		"ERR:          0",
	);
	const after = table(
		" 24:       2600          0  IR-PCI-MSIX-0000:3b:00.0    1-edge      mlx5_comp0@pci:0000:3b:00.0",
		"LOC:       3500       1010   Local timer interrupts",
		"RES:         10          5   Rescheduling interrupts",
		"ERR:        900",
	);
	const timer = "LOC Local timer interrupts";
	expect(rates(before, after)).toEqual({
		0: {
			timer: { name: timer, perSecond: 250 },
			perSecond: 250.5,
			top: { name: "24 mlx5_comp0@pci:0000:3b:00.0", perSecond: 250 },
		},
		2: {
			timer: { name: timer, perSecond: 1 },
			perSecond: 0,
			top: undefined,
		},
	});
});

describe("the timer is", () => {
	test.each([
		["GICv3  27 Level     arch_timer", "10 arch_timer"],
		["RISC-V INTC   5 Edge      riscv-timer", "10 riscv-timer"],
	])("%s", (description, name) => {
		const line = (count: number) => table(` 10: ${count} 0 ${description}`);
		expect(rates(line(0), line(20))?.[0]).toEqual({
			timer: { name, perSecond: 2 },
			perSecond: 0,
			top: undefined,
		});
	});

	test("not known where no line is one", () => {
		const line = table(" 10: 0 0 PCI-MSI 16384-edge eth0");
		expect(rates(line, line)?.[0]?.timer).toBeUndefined();
	});
});

describe("a source that", () => {
	const line = (count: number) =>
		table(`  9: ${count} 0 IO-APIC 9-fasteoi acpi`);
	test.each([
		["wraps", line(2 ** 32 - 10), line(10), 20],
		["starts anew", line(5000), line(20), 20],
		["appears", table(), line(20), 20],
		["goes", line(20), table(), 0],
	])("%s", (_, before, after, count) => {
		expect(rates(before, after, 1)?.[0]?.perSecond).toBe(count);
	});
});

test("a CPU that was not online at both readings is not told of", () => {
	const before = "  CPU0 CPU1\nLOC: 5 5 Local timer interrupts\n";
	const after = "  CPU1 CPU2\nLOC: 7 9 Local timer interrupts\n";
	expect(Object.keys(rates(before, after) ?? {})).toEqual(["1"]);
	expect(rates(before, after, 2)?.[1]?.timer?.perSecond).toBe(1);
});

test("rates need two tables and time between them", () => {
	const some = table("LOC: 5 5 Local timer interrupts");
	expect(rates("", some)).toBeUndefined();
	expect(rates(some, "cat: permission denied")).toBeUndefined();
	expect(rates(some, some, 0)).toBeUndefined();
	expect(rates(some, some, Number.NaN)).toBeUndefined();
});

test("every printed table is read back", () => {
	const counts = fc.array(fc.nat({ max: 2 ** 31 - 1 }), {
		minLength: 3,
		maxLength: 3,
	});
	const lines = fc.dictionary(
		fc.oneof(fc.nat({ max: 4000 }).map(String), fc.constantFrom("RES", "CAL")),
		counts,
		{ noNullPrototype: true },
	);
	fc.assert(
		fc.property(lines, (all) => {
			const print = (of: (count: number) => number) =>
				[
					"      CPU0   CPU1   CPU7",
					...Object.entries(all).map(
						([label, row]) =>
							`${label.padStart(4)}: ${row.map((count) => String(of(count)).padStart(10)).join(" ")}  PCI-MSI 1-edge  x-${label}`,
					),
				].join("\n");
			const result = rates(
				print(() => 0),
				print((count) => count),
				1,
			);
			const rows = Object.values(all);
			[0, 1, 7].forEach((cpu, at) => {
				const on = rows.map((row) => row[at] ?? 0);
				expect(result?.[cpu]?.perSecond).toBe(on.reduce((a, b) => a + b, 0));
				expect(result?.[cpu]?.top?.perSecond ?? 0).toBe(Math.max(0, ...on));
			});
		}),
	);
});
