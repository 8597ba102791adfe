/** What the host program says of a machine, on simulated ones. */
import { expect, test } from "@jest/globals";
import { parseReport } from "../../host/protocol";
import { machine } from "../../inventory/sections/machine";
import type { Setting } from "../../model/settings";
import type { FakeHost } from "../support/hostRun";
import { settingsFromYaml } from "../support/inventory";
import { installedHost } from "../support/newHost";

function madeHost(): FakeHost {
	return installedHost();
}

const cpu = (...flags: string[]) =>
	`processor\t: 0\nflags\t\t: ${flags.join(" ")}\n`;

function answers(host: FakeHost, settings: readonly Setting[]) {
	const { findings } = parseReport(
		host.run("probe", { settings }).stdout,
		settings,
	);
	return findings.map(({ live, verdict }) => [
		verdict,
		`${live?.status} ${live?.text}`.trim(),
	]);
}

const wanted = (yaml: string) => settingsFromYaml(machine, yaml);

interface Machine {
	readonly name: string;
	readonly release?: string;
	readonly cpuinfo?: string;
	readonly yaml: string;
	/** Verdict and answer of each setting. */
	readonly says: readonly (readonly [verdict: string, answer: string])[];
}

const machines: readonly Machine[] = [
	...(
		[
			["6.1.0-18-amd64", "5.1", "ok", "value 6.1.0"],
			["5.10.0+", "5.9", "ok", "value 5.10.0"],
			["5.1.0", "5.1", "ok", "value 5.1.0"],
			["6", "5.15.2", "ok", "value 6"],
			["5.0.21", "5.1", "liveDrift", "value 5.0.21"],
			["4.18.0-513.el8.x86_64", "5.1", "liveDrift", "value 4.18.0"],
		] as const
	).map(([release, least, verdict, answer]) => ({
		name: "a kernel that is new enough, or not",
		release,
		yaml: `{kernel: "${least}"}`,
		says: [[verdict, answer] as const],
	})),
	{
		name: "features that every CPU has, as whole words",
		cpuinfo: `${cpu("avx2", "fma")}\n${cpu("fma", "avx2x")}`,
		yaml: "{cpuFlags: [avx2, fma, avx]}",
		says: [
			["liveDrift", "absent"],
			["liveDrift", "absent"],
			["ok", "value present"],
		],
	},
	{
		name: "a machine that lists no features",
		cpuinfo: "processor\t: 0\n",
		yaml: "{cpuFlags: [avx2]}",
		says: [["unreadable", "unreadable it lists no features of the processor"]],
	},
];

test.each(machines)("$name: $release $yaml", (made) => {
	const { release, cpuinfo, yaml, says } = made;
	const host = madeHost();
	if (release !== undefined) {
		host.write("proc/sys/kernel/osrelease", `${release}\n`);
	}
	if (cpuinfo !== undefined) {
		host.remove("proc/cpuinfo");
		host.write("proc/cpuinfo", cpuinfo);
	}
	expect(answers(host, wanted(yaml))).toEqual(says);
});

test("a probe changes nothing", () => {
	const host = madeHost();
	const before = host.snapshot();
	answers(host, wanted('{kernel: "5.1", cpuFlags: [avx2]}'));
	expect(host.snapshot()).toEqual(before);
});
