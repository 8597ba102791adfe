/** What a checklist may say, and that it is merged item by item. */
import { describe, expect, test } from "@jest/globals";
import { checklistSection } from "../../../inventory/sections/checklist";
import { decodeText } from "../decodeText";

const decode = (yaml: string) => decodeText(checklistSection, yaml);

test("what shows an item: settings, the machine, or nothing on the host", () => {
	const yaml = `
Guide 14:
  asks: SMT off
  settings: [smt.control, applications.*.cpus]
Guide 9, 12-13:
  asks: AVX2 and a kernel with io_uring
  machine: {kernel: "5.10", cpuFlags: [avx2]}
Guide 210:
  asks: CPUs are left alone
  measured:
    quietCpus: {interruptPercent: 1, interruptsPerSecond: 10, timerInterruptsPerSecond: 0}
    housekeepingCpus: {busyPercent: 90}
Guide 7:
  asks: Prefetching
  notOnHost: in the code
`;
	expect(decode(yaml)).toEqual({
		problems: [],
		value: {
			"Guide 14": {
				asks: "SMT off",
				settings: ["smt.control", "applications.*.cpus"],
			},
			"Guide 9, 12-13": {
				asks: "AVX2 and a kernel with io_uring",
				machine: { kernel: "5.10", cpuFlags: ["avx2"] },
			},
			"Guide 210": {
				asks: "CPUs are left alone",
				measured: {
					quietCpus: {
						interruptPercent: 1,
						interruptsPerSecond: 10,
						timerInterruptsPerSecond: 0,
					},
					housekeepingCpus: { busyPercent: 90 },
				},
			},
			"Guide 7": { asks: "Prefetching", notOnHost: "in the code" },
		},
	});
});

describe("is refused:", () => {
	test.each([
		[
			"A: {asks: x}",
			/expected either settings, machine and measured, or notOnHost/,
		],
		[
			"A: {asks: x, notOnHost: y, settings: [smt.control]}",
			/expected either settings, machine and measured, or notOnHost/,
		],
		["A: {notOnHost: y}", /asks/],
		["A: {asks: x, settings: [smt]}", /expected the name of a setting/],
		["A: {asks: x, machine: {kernel: 5.10}}", /in quotes/],
		['A: {asks: x, machine: {kernel: "6.1-rt"}}', /expected a version/],
		["A: {asks: x, machine: {cpuFlags: [AVX2]}}", /expected a feature/],
		["A: {asks: x, machine: {memory: 1}}", /memory/],
		[
			"A: {asks: x, notOnHost: y, measured: {housekeepingCpus: {busyPercent: 1}}}",
			/expected either settings, machine and measured, or notOnHost/,
		],
		[
			"A: {asks: x, measured: {quietCpus: {interruptPercent: 101}}}",
			/a whole number of percent, 0 to 100/,
		],
		["A: {asks: x, measured: {idleCpus: {}}}", /idleCpus/],
		["A: {asks: x, measured: {quietCpus: {}}}", /at least one limit, got none/],
		["{A|B: {asks: x, notOnHost: y}}", /expected a short name/],
	])("%s", (yaml, why) => {
		const { problems, value } = decode(yaml);
		expect(value).toBeUndefined();
		expect(problems.join("\n")).toMatch(why);
	});
});
