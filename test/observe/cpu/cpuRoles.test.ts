/** Which CPUs are quiet, by what the kernel says and what is declared. */
import { describe, expect, test } from "@jest/globals";
import { applications } from "../../../applications/applicationSettings";
import { parseCpuList } from "../../../model/cpuSet";
import { cpuRoles } from "../../../observe/cpu/cpuRoles";
import type { Watched } from "../../../observe/cpu/watched";
import { kernelCommandLine } from "../../../tunables/kernelCommandLine";
import { settingsFromYaml } from "../../support/inventory";

const unknown = { value: undefined, source: "" };

function host(lists: {
	readonly online?: string;
	readonly isolated?: string;
	readonly nohzFull?: string;
}): Watched {
	const { online = "0-7", isolated = "", nohzFull = "" } = lists;
	return {
		online: parseCpuList(online),
		isolated: parseCpuList(isolated),
		nohzFull: parseCpuList(nohzFull),
		times: unknown,
		booksInterrupts: undefined,
		rates: unknown,
	};
}

describe("of the kernel", () => {
	test("isolated CPUs and those of nohz_full are quiet", () => {
		expect(cpuRoles(host({ isolated: "4-5", nohzFull: "5-6" }), [])).toEqual({
			quiet: "4-6",
			tickless: "5-6",
			housekeeping: "0-3,7",
		});
	});

	test("CPUs that are offline are neither", () => {
		const lists = { online: "0-3", isolated: "2-7", nohzFull: "2-7" };
		expect(cpuRoles(host(lists), [])).toEqual({
			quiet: "2-3",
			tickless: "2-3",
			housekeeping: "0-1",
		});
	});

	test.each(["online", "isolated", "nohzFull"] as const)(
		"without %s roles are undetermined",
		(list) => {
			const known = host({ isolated: "4-5" });
			expect(cpuRoles({ ...known, [list]: undefined }, [])).toEqual({});
		},
	);
});

describe("declared roles count before a reboot, too:", () => {
	const line =
		"{isolcpus: 'managed_irq,domain,4-5', nohz_full: 5-6, rcu_nocbs: 1}";
	const programs = `
fx: {path: /usr/bin/fx, taskset: 1, threads: {io.net-0: {cpus: 2}, log: {policy: idle}}}
other: {path: /usr/bin/other, numactl: {cpunodebind: 0}, files: [{path: a.cpus, content: "3"}]}`;
	const settings = [
		...settingsFromYaml(kernelCommandLine, line),
		...settingsFromYaml(applications, programs),
	];

	test("isolation, and the CPUs of applications and their threads", () => {
		expect(settings.map(({ key }) => key)).toEqual(
			expect.arrayContaining([
				"fx.threads.io.net-0.cpus",
				"other.files.a.cpus",
			]),
		);
		expect(cpuRoles(host({}), settings)).toEqual({
			quiet: "1-2,4-6",
			tickless: "5-6",
			housekeeping: "0,3,7",
		});
	});
});
