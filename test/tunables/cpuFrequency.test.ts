import { cpuFrequency } from "../../tunables/cpuFrequency";
import { cpuFixture } from "../support/cpuFixture";
import { fakeHost } from "../support/hostRun";
import { settingsFromYaml } from "../support/inventory";
import { describeTunable } from "../support/tunableContract";

const cpu = "sys/devices/system/cpu";
const governor = (policy: number) =>
	`${cpu}/cpufreq/policy${policy}/scaling_governor`;
const preference = (policy: number) =>
	`${cpu}/cpufreq/policy${policy}/energy_performance_preference`;

describeTunable(cpuFrequency, [
	{
		name: "acpi-cpufreq",
		yaml: "governor: performance",
		before: cpuFixture("acpi-cpufreq"),
		after: { [governor(0)]: "performance\n", [governor(1)]: "performance\n" },
		drifts: [
			{
				name: "one policy",
				change: { [governor(1)]: "powersave\n" },
				finds: { "cpuFrequency.governor": "liveDrift" },
			},
		],
	},
	{
		name: "intel_pstate in active mode",
		yaml: `
governor: performance
energyPerformancePreference: performance
boost: off
minPerformancePercent: 100
`,
		after: {
			[governor(15)]: "performance\n",
			[preference(15)]: "performance\n",
			[`${cpu}/intel_pstate/no_turbo`]: "1\n",
			[`${cpu}/intel_pstate/min_perf_pct`]: "100\n",
		},
		drifts: [
			{
				name: "boost switched on",
				change: { [`${cpu}/intel_pstate/no_turbo`]: "0\n" },
				finds: { "cpuFrequency.boost": "liveDrift" },
			},
		],
		shrunk: {
			yaml: "boost: off",
			restores: {
				[governor(3)]: "powersave\n",
				[preference(3)]: "balance_performance\n",
				[`${cpu}/intel_pstate/min_perf_pct`]: "31\n",
			},
		},
	},
	{
		name: "amd_pstate in active mode",
		yaml: `
energyPerformancePreference: balance_power
boost: off
minPerformancePercent: 100
`,
		before: cpuFixture("amd-pstate"),
		after: {
			[preference(1)]: "balance_power\n",
			[`${cpu}/cpufreq/boost`]: "0\n",
		},
		verdicts: { "cpuFrequency.minPerformancePercent": "unsupported" },
	},
	{
		name: "a driver without preferences",
		yaml: "energyPerformancePreference: performance",
		before: cpuFixture("acpi-cpufreq"),
		after: {},
		verdicts: { "cpuFrequency.energyPerformancePreference": "unsupported" },
	},
	{
		name: "policies that differed get their own values back",
		yaml: `
governor: powersave
energyPerformancePreference: power
`,
		before: cpuFixture("mixed-policies"),
		after: {
			...Object.fromEntries(
				[0, 2, 4, 5, 6, 16].flatMap((policy) => [
					[governor(policy), "powersave\n"],
					[preference(policy), "power\n"],
				]),
			),
		},
	},
	{
		name: "a virtual machine",
		yaml: `
governor: performance
boost: on
`,
		before: cpuFixture("virtual-machine"),
		after: {},
		verdicts: {
			"cpuFrequency.governor": "unsupported",
			"cpuFrequency.boost": "unsupported",
		},
	},
	{
		name: "a governor that is not offered is not written",
		yaml: "governor: schedutil",
		after: { [governor(0)]: "powersave\n" },
		verdicts: { "cpuFrequency.governor": "liveDrift" },
		fails:
			/policy0 offers only performance powersave; schedutil was not written/,
	},
	{
		name: "a floor above the ceiling",
		yaml: "minPerformancePercent: 100",
		before: cpuFixture("intel-pstate-passive"),
		after: { [`${cpu}/intel_pstate/min_perf_pct`]: "80\n" },
		verdicts: { "cpuFrequency.minPerformancePercent": "liveDrift" },
		fails: /minPerformancePercent +100 +80 +100 +liveDrift/,
	},
]);

describe("values of policies that differ", () => {
	const host = fakeHost();
	afterAll(() => host.dispose());

	test("names the deviating ones, and a service that changes them", () => {
		for (const [path, text] of Object.entries(cpuFixture("mixed-policies"))) {
			if (text === undefined) host.remove(path);
			else host.write(path, text);
		}
		host.write(".lab/active/tuned.service", "");
		host.install();
		const settings = settingsFromYaml(
			cpuFrequency,
			"{governor: powersave, energyPerformancePreference: power}",
		);
		const { stdout } = host.run("probe", { settings });
		expect(stdout).toContain(
			"\tgovernor\tlive\tvalue\tpolicy2: performance, others: powersave\t",
		);
		expect(stdout).toContain(
			"\tlive\tvalue\tpolicy2: performance, policy4-5: 128, others: balance_performance\t",
		);
		expect(host.run("apply", { settings }).stderr).toMatch(
			/^metaltune: cpuFrequency: tuned is running and may change these values again/m,
		);
	});
});
