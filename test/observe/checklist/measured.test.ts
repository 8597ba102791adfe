/** What CPUs did, against the limits of an item, and what that makes of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import type { Limits } from "../../../inventory/sections/checklist";
import { cpuSetOf, parseCpuList } from "../../../model/cpuSet";
import {
	checklistReport,
	type NotWatched,
} from "../../../observe/checklist/checklistReport";
import type { CpuTime } from "../../../observe/cpu/cpuTime";
import type { InterruptRate } from "../../../observe/cpu/procInterrupts";
import { parseWatched, type Watched } from "../../../observe/cpu/watched";
import {
	checklistMarkdown,
	checklistText,
} from "../../../reports/checklistText";

const captured = parseWatched(
	readFileSync(join(__dirname, "../../fixtures/watched/mpstat.txt"), "utf8"),
);

const usual: Limits = {
	quietCpus: {
		interruptPercent: 1,
		interruptsPerSecond: 10,
		timerInterruptsPerSecond: 2,
	},
	housekeepingCpus: { busyPercent: 90 },
};

const quiet: CpuTime = { irq: 0, soft: 0, steal: 0, iowait: 0, idle: 20 };
const silent: InterruptRate = {
	timer: { name: "LOC Local timer interrupts", perSecond: 1 },
	perSecond: 0,
	top: undefined,
};

/** CPUs 0-3, of which 2 and 3 are quiet and have threads; but for what is given. */
function host(
	cpu3: { time?: Partial<CpuTime>; rate?: Partial<InterruptRate> } = {},
): Watched {
	return {
		online: parseCpuList("0-3"),
		isolated: parseCpuList("2-3"),
		nohzFull: parseCpuList("2-3"),
		times: {
			value: new Map([
				[0, quiet],
				[1, quiet],
				[2, quiet],
				[3, { ...quiet, ...cpu3.time }],
			]),
			source: "a clock",
		},
		booksInterrupts: true,
		rates: {
			value: new Map([
				[0, silent],
				[1, silent],
				[2, silent],
				[3, { ...silent, ...cpu3.rate }],
			]),
			source: "a counter",
		},
	};
}

function reportOf(watched: Watched | NotWatched, measured: Limits = usual) {
	return checklistReport(
		{ name: "fx-1", login: "root@fx-1:22" },
		{ A: { asks: "Left alone", measured } },
		{ settings: [], findings: [], time: new Date(0), watched },
	);
}

/** The item's verdict, then its evidence, a line each. */
function linesOf(watched: Watched | NotWatched, limits?: Limits) {
	const [item] = reportOf(watched, limits).items;
	const lines = item?.evidence.map(
		({ key, verdict, seen }) => `${key}: ${verdict}: ${seen[0]?.found}`,
	);
	return [`${item?.verdict}`, ...(lines ?? [])];
}

test("CPUs of a real kernel: one thread, two threads, none", () => {
	expect(linesOf(captured)).toEqual([
		"notOk",
		"cpu 4-7 interruptPercent: notTried: this kernel books no time for interrupts",
		"cpu 0-3 busyPercent: ok: 1.35 on cpu 0, the most",
		"cpu 4-7 interruptsPerSecond: ok: 1.89 on cpu 5, the most (RES Rescheduling interrupts: 1.89)",
		"cpu 5 timerInterruptsPerSecond: exceeded: 83.33 (LOC Local timer interrupts)",
		"cpu 4 timerInterruptsPerSecond: ok: 0.38 (LOC Local timer interrupts)",
		"cpu 6-7 timerInterruptsPerSecond: notTried: idle, so the tick was not put to the test",
	]);
});

test("all within the limits is ok, and a limit itself is within", () => {
	const atLimits = host({
		time: { soft: 1, idle: 10 },
		rate: { perSecond: 10, top: { name: "24 eth0", perSecond: 8 } },
	});
	expect(linesOf(atLimits)).toEqual([
		"ok",
		"cpu 2-3 interruptPercent: ok: 1 on cpu 3, the most (irq 0, soft 1, steal 0)",
		"cpu 0-1 busyPercent: ok: 80 on cpu 0, the most",
		"cpu 2-3 interruptsPerSecond: ok: 10 on cpu 3, the most (24 eth0: 8)",
		"cpu 2-3 timerInterruptsPerSecond: ok: 1 on cpu 2, the most (LOC Local timer interrupts)",
	]);
});

describe("one CPU above one limit is not ok:", () => {
	test.each<readonly [string, Parameters<typeof host>[0], string]>([
		[
			"hardware interrupts",
			{ time: { irq: 1.5 } },
			"cpu 3 interruptPercent: exceeded: 1.5 (irq 1.5, soft 0, steal 0)",
		],
		[
			"softirqs and steal together",
			{ time: { soft: 0.6, steal: 0.6 } },
			"cpu 3 interruptPercent: exceeded: 1.2 (irq 0, soft 0.6, steal 0.6)",
		],
		[
			"interrupts, with what was most",
			{ rate: { perSecond: 251, top: { name: "24 nvme0q1", perSecond: 250 } } },
			"cpu 3 interruptsPerSecond: exceeded: 251 (24 nvme0q1: 250)",
		],
		[
			"the tick, also of an idle CPU",
			{
				time: { idle: 100 },
				rate: { timer: { name: "3 arch_timer", perSecond: 250 } },
			},
			"cpu 3 timerInterruptsPerSecond: exceeded: 250 (3 arch_timer)",
		],
	])("%s", (_, cpu3, line) => {
		const [verdict, ...lines] = linesOf(host(cpu3));
		expect(verdict).toBe("notOk");
		expect(lines.filter((each) => each.includes("exceeded"))).toEqual([line]);
	});

	test("housekeeping that is saturated; waiting for a disk is not", () => {
		const watched = { ...host({ time: { idle: 4, iowait: 1 } }) };
		const shared = {
			...watched,
			isolated: cpuSetOf([]),
			nohzFull: cpuSetOf([]),
		};
		expect(linesOf(shared)).toEqual([
			"notOk",
			"interruptPercent: notTried: there is no such CPU",
			"cpu 3 busyPercent: exceeded: 95",
			"cpu 0-2 busyPercent: ok: 80 on cpu 0, the most",
			"interruptsPerSecond: notTried: there is no such CPU",
			"timerInterruptsPerSecond: notTried: there is no such CPU",
		]);
	});
});

test("steal and softirqs count where the kernel books no hardware interrupts", () => {
	const books = { booksInterrupts: false };
	const limits = { quietCpus: { interruptPercent: 1 } };
	expect(
		linesOf({ ...host({ time: { steal: 3 } }), ...books }, limits),
	).toEqual([
		"notOk",
		"cpu 3 interruptPercent: exceeded: 3 (irq 0, soft 0, steal 3)",
		"cpu 2 interruptPercent: notTried: this kernel books no time for interrupts",
	]);
	expect(linesOf({ ...host(), ...books }, limits)[0]).toBe("notApplicable");
});

test("only what has a limit is judged", () => {
	expect(linesOf(host(), { quietCpus: { interruptsPerSecond: 0 } })).toEqual([
		"ok",
		"cpu 2-3 interruptsPerSecond: ok: 0",
	]);
});

describe("undetermined:", () => {
	const unknown = { value: undefined, source: "?" };
	test.each<readonly [string, Watched, RegExp]>([
		["no times", { ...host(), times: unknown }, /interruptPercent.*nothing is/],
		["no rates", { ...host(), rates: unknown }, /timerInt.*nothing is known/],
		[
			"no timer",
			host({ rate: { timer: undefined } }),
			/cpu 3 timerInt.*nothing/,
		],
		["no list", { ...host(), isolated: undefined }, /which CPUs these are/],
		[
			"a CPU without figures",
			{ ...host(), online: parseCpuList("0-4") },
			/cpu 4/,
		],
	])("%s", (_, watched, line) => {
		const [verdict, ...lines] = linesOf(watched);
		expect(verdict).toBe("couldNotTell");
		const unread = lines.filter((each) => each.includes(": unreadable: "));
		expect(unread.join("\n")).toMatch(line);
		expect(reportOf(watched).result).toBe("couldNotTell");
	});

	test("a host that could not be watched", () => {
		const lost = {
			verdict: "couldNotTell",
			why: "the connection was lost",
		} as const;
		expect(linesOf(lost)).toEqual(["couldNotTell"]);
		expect(checklistText(reportOf(lost))).toContain(
			"\n  the connection was lost",
		);
	});
});

test("limits that are not declared do not count", () => {
	const left = { verdict: "notApplicable", why: "not measured" } as const;
	const report = reportOf(left);
	expect(report.items[0]).toMatchObject({ ...left, evidence: [] });
	expect(report.result).toBe("ok");
});

describe("formats", () => {
	const evil = "24 <img src=x> @everyone `x` \u001b[31m|";
	const report = reportOf(
		host({ rate: { perSecond: 99, top: { name: evil, perSecond: 99 } } }),
	);

	test("a table says what was expected, found, and how", () => {
		expect(checklistText(report)).toMatch(
			/cpu 3 interruptsPerSecond: expected at most 10, got 99 \(24 <img.*\(a counter\)/,
		);
		expect(checklistText(report)).not.toContain("\u001b");
	});

	test("Markdown holds no text of the host but as code", () => {
		const text = checklistMarkdown(report);
		expect(text).not.toContain("<img");
		expect(text).not.toContain("\u001b");
		expect(
			text.split("\n").filter((line) => line.startsWith("| ")),
		).toHaveLength(3);
	});
});
