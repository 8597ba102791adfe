/** What a checklist may say, and that it is merged item by item. */
import { expect, test } from "@jest/globals";
import { checklistSection } from "../../../inventory/sections/checklist";
import { decodeText } from "../decodeText";

const decode = (yaml: string) => decodeText(checklistSection, yaml);

test("an item is shown by settings, by the machine, or not on the host", () => {
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
