/**
 * The report of a host, which may print anything: read whole, or refused in one
 * sentence, and in bounded time.
 */
import fc from "fast-check";
import { parseReport, ReportError } from "../../host/protocol";
import { compare } from "../../model/compare";
import type { Setting } from "../../model/settings";
import { fuzzed } from "../support/fuzz";

const fact = (text: string) =>
	`fact\tsysctl\tvm.swappiness\tlive\tvalue\t${text}\t/proc/x`;
const report = (...lines: readonly string[]) =>
	[`metaltune\t1`, ...lines, `end\t${lines.length}`, ""].join("\n");

test("a fact is read up to a length, and refused by its line beyond", () => {
	const longest = "x".repeat(200_000);
	expect(parseReport(report(fact(longest))).facts[0]?.text).toBe(longest);
	expect(() =>
		parseReport(report(fact("1"), fact("x".repeat(300_000)))),
	).toThrow(
		/^line 3 of the host program's report: expected a line of at most 262144 characters, got one of \d+, got "fact sysctl/,
	);
	expect(() => parseReport(report(`rolledback\t${longest}`))).toThrow(
		/at most 4096 characters/,
	);
});

test("a CPU list that names all CPUs over and over is no match, soon", () => {
	const setting: Setting = {
		tunable: "irqAffinity",
		key: "default",
		match: "cpuSet",
		value: "0-3",
		effect: "live",
	};
	const text = Array.from({ length: 30_000 }, () => "0-8191").join(",");
	const answer = fact(text).replace(
		"sysctl\tvm.swappiness",
		"irqAffinity\tdefault",
	);
	const facts = Array.from(
		{ length: 50 },
		() => parseReport(report(answer)).facts[0],
	).filter((each) => each !== undefined);
	for (const each of facts) {
		expect(compare([setting], [each])[0]?.verdict).toBe("liveDrift");
	}
});

const word = fc.oneof(
	fc.string({ unit: "binary", maxLength: 40 }),
	fc.constantFrom(
		...["metaltune", "1", "fact", "end", "setting", "armed", "live", "boot"],
		...["value", "absent", "unreadable", "unsupported", "before", "now", "-"],
		...[
			"exact",
			"atLeast",
			"cpuSet",
			"reboot",
			"deploy",
			"sysctl",
			"0",
			"\u001b[2J",
		],
	),
);
const line = fc.array(word, { maxLength: 8 }).map((words) => words.join("\t"));
const anyReport = fc
	.tuple(fc.boolean(), fc.array(line, { maxLength: 12 }), fc.boolean())
	.map(([begins, lines, ends]) =>
		[
			...(begins ? ["metaltune\t1"] : []),
			...lines,
			...(ends
				? [`end\t${lines.filter((each) => each.startsWith("fact\t")).length}`]
				: []),
		].join("\n"),
	);

test("whatever a host prints is a report or a ReportError, and inert", () => {
	fuzzed(
		fc.property(anyReport, (text) => {
			try {
				const said = JSON.stringify(parseReport(text));
				// JSON writes an ESC as \\u001b, and one that was escaped as \\\\u001b.
				expect(said.replaceAll("\\\\", "")).not.toMatch(/\\u00[01]|\p{Cc}/u);
			} catch (error) {
				if (!(error instanceof ReportError)) throw error;
				expect(error.message.length).toBeLessThan(600);
				expect(error.message).not.toMatch(/\p{Cc}/u);
			}
		}),
	);
});

test("a report that was cut anywhere is refused, or says the same", () => {
	const whole = report(fact("60"), fact("61"));
	const read = JSON.stringify(parseReport(whole));
	for (let length = 0; length < whole.length; length++) {
		let said: string | undefined;
		try {
			said = JSON.stringify(parseReport(whole.slice(0, length)));
		} catch (error) {
			expect(error).toBeInstanceOf(ReportError);
		}
		expect([undefined, read]).toContain(said);
	}
});
