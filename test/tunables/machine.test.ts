/** What the host program says of a machine, on pretended ones. */
import { afterEach, describe, expect, test } from "@jest/globals";
import { compare } from "../../inventory/compare";
import { parseReport } from "../../inventory/report";
import type { Setting } from "../../inventory/settings";
import { machine } from "../../tunables/machine";
import { type FakeHost, fakeHost } from "../support/hostRun";
import { settingsFromYaml } from "../support/inventory";

const hosts: FakeHost[] = [];

afterEach(() => {
	for (const host of hosts.splice(0)) host.dispose();
});

function madeHost(): FakeHost {
	const host = fakeHost();
	host.install();
	hosts.push(host);
	return host;
}

const cpu = (...flags: string[]) =>
	`processor\t: 0\nflags\t\t: ${flags.join(" ")}\n`;

function answers(host: FakeHost, settings: readonly Setting[]) {
	const { facts } = parseReport(host.run("probe", { settings }).stdout);
	return compare(settings, facts).map(({ live, verdict }) => [
		verdict,
		`${live?.status} ${live?.text}`.trim(),
	]);
}

const wanted = (yaml: string) => settingsFromYaml(machine, yaml);

describe("the kernel", () => {
	test.each([
		["6.1.0-18-amd64", "5.1", "ok", "value 6.1.0"],
		["5.10.0+", "5.9", "ok", "value 5.10.0"],
		["5.1.0", "5.1", "ok", "value 5.1.0"],
		["5.0.21", "5.1", "liveDrift", "value 5.0.21"],
		["4.18.0-513.el8.x86_64", "5.1", "liveDrift", "value 4.18.0"],
		["6", "5.15.2", "ok", "value 6"],
	])("%s for %s: %s", (release, least, verdict, said) => {
		const host = madeHost();
		host.write("proc/sys/kernel/osrelease", `${release}\n`);
		expect(answers(host, wanted(`{kernel: "${least}"}`))).toEqual([
			[verdict, said],
		]);
	});
});

describe("features of the processor", () => {
	test("are those that every CPU has, as whole words", () => {
		const host = madeHost();
		host.remove("proc/cpuinfo");
		host.write("proc/cpuinfo", `${cpu("avx2", "fma")}\n${cpu("fma", "avx2x")}`);
		expect(answers(host, wanted("{cpuFlags: [avx2, fma, avx]}"))).toEqual([
			["liveDrift", "absent"],
			["liveDrift", "absent"],
			["ok", "value present"],
		]);
	});

	test("of a machine that lists none cannot be told", () => {
		const host = madeHost();
		host.remove("proc/cpuinfo");
		host.write("proc/cpuinfo", "processor\t: 0\n");
		expect(answers(host, wanted("{cpuFlags: [avx2]}"))).toEqual([
			["unreadable", expect.stringMatching(/no features/)],
		]);
	});
});

test("a probe changes nothing", () => {
	const host = madeHost();
	const before = host.snapshot();
	answers(host, wanted('{kernel: "5.1", cpuFlags: [avx2]}'));
	expect(host.snapshot()).toEqual(before);
});
