/**
 * The report of a host, which may print anything: read whole, or refused in one
 * sentence, and in bounded time.
 */
import fc from "fast-check";
import { parseReport, protocol, ReportError } from "../../host/protocol";
import { type Fact, factStatuses, layers } from "../../model/facts";
import { effects, matches, type Setting } from "../../model/settings";
import { fuzzed } from "../support/fuzz";
import { compare } from "../support/oracle";

const fact = (text: string) =>
	`fact\tsysctl\tvm.swappiness\tlive\tvalue\t${text}\t/proc/x`;
const report = (...lines: readonly string[]) =>
	[
		`metaltune\t${protocol}`,
		...lines,
		`end\t${lines.filter((line) => line.startsWith("fact\t")).length}`,
		"",
	].join("\n");

const setting: Setting = {
	tunable: "sysctl",
	key: "vm.swappiness",
	match: "exact",
	value: "1",
	effect: "live",
};
const verdict = (text = "ok\tok\t-") =>
	`verdict\tsysctl\tvm.swappiness\t${text}`;

test("a fact is read up to a length, and refused by its line beyond", () => {
	const longest = "x".repeat(200_000);
	expect(parseReport(report(fact(longest))).facts[0]?.text).toBe(longest);
	expect(() =>
		parseReport(report(fact("1"), fact("x".repeat(300_000)))),
	).toThrow(
		/^line 3 of the host program's report: expected a line of at most 262144 characters, got one of \d+, got "fact sysctl/,
	);
	for (const line of [`rolledback\t${longest}`, verdict(longest)]) {
		expect(() => parseReport(report(line))).toThrow(/at most 4096 characters/);
	}
});

describe("verdicts", () => {
	test("are the host's, whatever the fact says", () => {
		const read = (text: string) =>
			parseReport(report(fact("60"), verdict(text)), [setting]).findings;
		expect(read("ok\tok\t-")).toEqual([
			{
				setting,
				live: expect.objectContaining({ text: "60" }),
				boot: undefined,
				states: { live: "ok", boot: "-" },
				verdict: "ok",
			},
		]);
		expect(read("liveDrift\tbad\t-")[0]?.verdict).toBe("liveDrift");
	});

	test("are of the settings that the report lists, when none were sent", () => {
		const line = "setting\tsysctl\tvm.swappiness\texact\t1\tlive";
		const { findings } = parseReport(report(line, fact("1"), verdict()));
		expect(findings).toMatchObject([{ setting, verdict: "ok" }]);
	});

	const of = (key: string) => verdict().replace("vm.swappiness", key);
	const second = { ...setting, key: "vm.stat_interval" };
	test.each<[string, readonly string[], readonly Setting[], RegExp]>([
		["none", [fact("1")], [setting], /expected 1 verdicts, .*, got 0/],
		["one that was not asked for", [verdict()], [], /expected 0 verdicts/],
		[
			"one twice",
			[fact("1"), verdict(), verdict()],
			[setting, second],
			/verdict 2 to be for sysctl\.vm\.stat_interval, got one for sysctl\.vm\.swappiness/,
		],
		["one for another key", [of("a")], [setting], /got one for sysctl\.a/],
		["an unknown verdict", [verdict("fine\tok\t-")], [setting], /one of ok,/],
		["an unknown state", [verdict("ok\tyes\t-")], [setting], /one of ok,/],
		["too few fields", [verdict("ok\tok")], [setting], /five fields/],
		["too many fields", [verdict("ok\tok\t-\t-")], [setting], /five fields/],
	])("%s: refused", (_what, lines, asked, why) => {
		expect(() => parseReport(report(...lines), asked)).toThrow(why);
		expect(() => parseReport(report(...lines), asked)).toThrow(ReportError);
	});

	test.each<[string, Fact["status"] | undefined, string]>([
		["ok with a bad layer", "value", "ok\tbad\t-"],
		["liveDrift with a layer that is ok", "value", "liveDrift\tok\t-"],
		["bootDrift without a boot layer", "value", "bootDrift\tok\t-"],
		["pendingReboot of what apply can do", "value", "pendingReboot\tbad\t-"],
		["unsupported with a value", "value", "unsupported\tok\t-"],
		["unreadable with a value", "value", "unreadable\tok\t-"],
		["ok without any answer", undefined, "ok\t-\t-"],
		["a state without a fact", undefined, "ok\tok\t-"],
		["a fact without a state", "value", "unreadable\t-\t-"],
		["an unreadable fact that is ok", "unreadable", "ok\tok\t-"],
		["an unsupported fact that is bad", "unsupported", "liveDrift\tbad\t-"],
		[
			"an unreadable fact as unsupported",
			"unreadable",
			"unsupported\tunsupported\t-",
		],
		["a value as unreadable", "value", "unreadable\tunreadable\t-"],
	])("%s: a contradiction", (_what, status, said) => {
		const facts =
			status === undefined ? [] : [fact("1").replace("value", status)];
		const read = () => parseReport(report(...facts, verdict(said)), [setting]);
		expect(read).toThrow(
			/contradicts itself: .*sysctl\.vm\.swappiness.* run `pulumi up --refresh`$/,
		);
		expect(read).toThrow(ReportError);
	});

	test("no verdict of the oracle is a contradiction", () => {
		const layer = fc.option(fc.constantFrom(...factStatuses), {
			nil: undefined,
		});
		fuzzed(
			fc.property(
				fc.record({
					live: layer,
					boot: layer,
					match: fc.constantFrom(...matches),
					effect: fc.constantFrom(...effects),
					text: fc.constantFrom("1", "2"),
				}),
				({ live, boot, match, effect, text }) => {
					const asked = { ...setting, match, effect };
					const facts = layers.flatMap((name): readonly Fact[] => {
						const status = name === "live" ? live : boot;
						if (status === undefined) return [];
						return [{ ...setting, layer: name, status, text, source: "-" }];
					});
					const [expected] = compare([asked], facts);
					const { states } = expected ?? fail();
					const lines = [
						...facts.map((each) =>
							fact(text)
								.replace("live", each.layer)
								.replace("value", each.status),
						),
						verdict(`${expected?.verdict}\t${states.live}\t${states.boot}`),
					];
					const { findings } = parseReport(report(...lines), [asked]);
					expect(findings[0]).toMatchObject({
						states,
						verdict: expected?.verdict,
					});
				},
			),
		);
	});
});

const word = fc.oneof(
	fc.string({ unit: "binary", maxLength: 40 }),
	fc.constantFrom(
		...[
			"metaltune",
			protocol,
			"fact",
			"verdict",
			"ok",
			"bad",
			"liveDrift",
			"end",
			"setting",
			"provisional",
			"live",
			"boot",
		],
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
			...(begins ? [`metaltune\t${protocol}`] : []),
			...lines,
			...(ends
				? [`end\t${lines.filter((each) => each.startsWith("fact\t")).length}`]
				: []),
		].join("\n"),
	);

const askedFor = [undefined, [], [setting]] as const;

test("any output of a host is a report or a ReportError, and inert", () => {
	fuzzed(
		fc.property(anyReport, fc.constantFrom(...askedFor), (text, asked) => {
			try {
				const said = JSON.stringify(parseReport(text, asked));
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
	const whole = report(fact("60"), fact("61"), verdict("liveDrift\tbad\t-"));
	const read = JSON.stringify(parseReport(whole, [setting]));
	for (let length = 0; length < whole.length; length++) {
		let said: string | undefined;
		try {
			said = JSON.stringify(parseReport(whole.slice(0, length), [setting]));
		} catch (error) {
			expect(error).toBeInstanceOf(ReportError);
		}
		expect([undefined, read]).toContain(said);
	}
});
