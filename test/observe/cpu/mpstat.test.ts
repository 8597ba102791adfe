/** What mpstat prints, of every version at hand, and whatever else. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { CpuTime } from "../../../observe/cpu/cpuTime";
import { parseMpstat } from "../../../observe/cpu/mpstat";

const fixtures = join(__dirname, "../../fixtures/mpstat");
const captured = (name: string) => readFileSync(join(fixtures, name), "utf8");
const files = readdirSync(fixtures).filter((name) => name.endsWith(".txt"));

function parsed(text: string) {
	const result = parseMpstat(text);
	return result === undefined
		? undefined
		: { form: result.form, times: Object.fromEntries(result.times) };
}

const nothing = { irq: 0, soft: 0, steal: 0, iowait: 0 };

describe.each(files.filter((name) => /^1.*\d\.(?:table|json)/.test(name)))(
	"%s",
	(name) => {
		const result = parsed(captured(name));

		test("tells of the CPUs that were online", () => {
			expect(result?.form).toBe(name.includes("json") ? "JSON" : "table");
			expect(Object.keys(result?.times ?? {})).toEqual("012456".split(""));
		});

		test("has the CPUs with threads busy and the one without idle", () => {
			expect(result?.times[4]).toEqual({ ...nothing, idle: 0 });
			expect(result?.times[5]).toEqual({ ...nothing, idle: 0 });
			expect(result?.times[6]).toEqual({ ...nothing, idle: 100 });
		});
	},
);

test("numbers are in the columns of their names", () => {
	expect(parsed(captured("12.5.2.table.txt"))?.times[0]).toEqual({
		...nothing,
		soft: 1.11,
		idle: 96.67,
	});
	expect(parsed(captured("12.5.4.json.txt"))?.times[0]).toEqual({
		...nothing,
		soft: 1.59,
		idle: 80.95,
	});
	expect(parsed(captured("12.6.1-steal.json.txt"))?.times).toEqual({
		0: { ...nothing, steal: 1, idle: 1 },
		1: { ...nothing, idle: 38.78 },
	});
});

test("the date's form makes no difference", () => {
	const { times = {} } = parsed(captured("12.6.1-no-iso.table.txt")) ?? {};
	expect(Object.keys(times)).toEqual("012456".split(""));
});

test("a 12-hour clock, guests, and no %gnice", () => {
	expect(parsed(captured("9.0-12h.table.txt"))?.times).toEqual({
		0: { irq: 3.2, soft: 7.8, steal: 1, iowait: 0.2, idle: 77.6 },
		1: { ...nothing, idle: 0 },
		2: { ...nothing, idle: 0 },
	});
});

describe("all output of mpstat is read:", () => {
	const percent = fc.nat({ max: 10_000 }).map((parts) => parts / 100);
	const time = fc.record<CpuTime>({
		irq: percent,
		soft: percent,
		steal: percent,
		iowait: percent,
		idle: percent,
	});
	const times = fc.dictionary(
		fc.nat({ max: 8191 }).map(String),
		time.filter((each) => Object.values(each).some((share) => share > 0)),
		{ minKeys: 1, maxKeys: 12, noNullPrototype: true },
	);
	const columns = [
		"usr",
		"nice",
		"sys",
		"iowait",
		"irq",
		"soft",
		"steal",
	].concat("guest", "gnice", "idle");
	const shown = (each: CpuTime, column: string) =>
		(new Map(Object.entries(each)).get(column) ?? 0).toFixed(2);

	test("a table", () => {
		fc.assert(
			fc.property(times, (all) => {
				const row = (...cells: readonly string[]) =>
					["Average:", ...cells].map((cell) => cell.padStart(8)).join("");
				const text = [
					"Linux 6.1.0 (CPU) \t2026-11-21 \t_x86_64_\t(8 CPU)\n",
					row("CPU", ...columns.map((column) => `%${column}`)),
					...Object.entries(all).map(([cpu, each]) =>
						row(cpu, ...columns.map((column) => shown(each, column))),
					),
				].join("\n");
				expect(parsed(text)).toEqual({ form: "table", times: all });
			}),
		);
	});

	test("JSON", () => {
		fc.assert(
			fc.property(times, (all) => {
				const load = Object.entries(all).map(
					([cpu, each]) =>
						`{"cpu": "${cpu}", ${columns.map((column) => `"${column}": ${shown(each, column)}`).join(", ")}}`,
				);
				const text = `{"sysstat": {"hosts": [{"statistics": [{"cpu-load": [${load.join(",")}]}]}]}}`;
				expect(parsed(text)).toEqual({ form: "JSON", times: all });
			}),
		);
	});
});

describe("is no output of mpstat:", () => {
	test.each([
		["nothing", ""],
		["an error", "mpstat: command not found\n"],
		["other JSON", '{"sysstat": {"hosts": [null]}}'],
		["no list", '{"sysstat": {"hosts": [{"statistics": [{"cpu-load": 1}]}]}}'],
		[
			"no rows",
			'{"sysstat": {"hosts": [{"statistics": [{"cpu-load": [1]}]}]}}',
		],
		["half of it", captured("12.6.1.json.txt").slice(0, -20)],
		["a head alone", "Average: CPU %irq %soft %steal %iowait %idle\n"],
	])("%s", (_, text) => {
		expect(parseMpstat(text)).toBeUndefined();
	});

	test("anything else, without harm", () => {
		fc.assert(
			fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
				expect(parseMpstat(text)).toBeUndefined();
			}),
		);
	});
});

test.each(["100.01", "-1.00", "1e2", "nan", "12,50", "99999999999999999999"])(
	"a CPU with %s in a column is not told of",
	(percent) => {
		const text = captured("12.6.1.table.txt").replaceAll(
			/^(\S+ +6 .*)100\.00$/gm,
			`$1${percent}`,
		);
		expect(Object.keys(parsed(text)?.times ?? {})).toEqual("01245".split(""));
	},
);
