import { cpuIdle } from "../../tunables/cpuIdle";
import { cpuFixture } from "../support/cpuFixture";
import { describeTunable } from "../support/tunableContract";

const cpu = "sys/devices/system/cpu";
const latency = (number: number) =>
	`${cpu}/cpu${number}/power/pm_qos_resume_latency_us`;
const disable = (number: number, state: number) =>
	`${cpu}/cpu${number}/cpuidle/state${state}/disable`;

describeTunable(cpuIdle, [
	{
		name: "a limit and a disabled state",
		yaml: `
cpus: 8,9
resumeLatency: {atMostMicroseconds: 2}
disabledStates: [C6]
`,
		before: { [disable(9, 1)]: "1\n" },
		after: {
			[latency(7)]: "0\n",
			[latency(8)]: "2\n",
			[latency(9)]: "2\n",
			[disable(8, 2)]: "1\n",
			[disable(9, 1)]: "0\n",
			[disable(9, 2)]: "1\n",
		},
		drifts: [
			{
				name: "a state enabled",
				change: { [disable(9, 2)]: "0\n" },
				finds: { "cpuIdle.cpu9.disabledStates": "liveDrift" },
			},
			{
				name: "zero, which is no limit",
				change: { [latency(8)]: "0\n" },
				finds: { "cpuIdle.cpu8.resumeLatency": "liveDrift" },
			},
		],
		shrunk: {
			yaml: "{cpus: 8, disabledStates: [C6]}",
			restores: { [latency(8)]: "0\n", [disable(9, 1)]: "1\n" },
		},
	},
	{
		name: "words for what the kernel calls 0 and n/a",
		yaml: "{cpus: 1, resumeLatency: shallowestState, disabledStates: []}",
		after: { [latency(1)]: "n/a\n", [disable(1, 2)]: "0\n" },
		drifts: [
			{
				name: "a limit in place of none at all",
				change: { [latency(1)]: "20\n" },
				finds: { "cpuIdle.cpu1.resumeLatency": "liveDrift" },
			},
		],
	},
	{
		name: "no limit, and several states",
		yaml: "{cpus: 1, resumeLatency: anyState, disabledStates: [POLL, C6, C1]}",
		before: { [latency(1)]: "20\n" },
		after: {
			[latency(1)]: "0\n",
			[disable(1, 0)]: "1\n",
			[disable(1, 1)]: "1\n",
			[disable(1, 2)]: "1\n",
		},
	},
	{
		name: "a virtual machine's state, whose name has two words",
		yaml: "{cpus: 0-1, disabledStates: [haltpoll idle]}",
		before: cpuFixture("virtual-machine"),
		after: { [disable(0, 1)]: "1\n" },
		verdicts: {},
	},
	{
		name: "a state this processor does not have",
		yaml: "{cpus: 2, disabledStates: [C7]}",
		after: { [disable(2, 2)]: "0\n" },
		verdicts: { "cpuIdle.cpu2.disabledStates": "unsupported" },
	},
	{
		name: "a kernel without a driver for idle states",
		yaml: "{cpus: 2, resumeLatency: shallowestState, disabledStates: [C6]}",
		before: { [`${cpu}/cpuidle/current_driver`]: "none\n" },
		after: { [latency(2)]: "0\n" },
		verdicts: {
			"cpuIdle.cpu2.resumeLatency": "unsupported",
			"cpuIdle.cpu2.disabledStates": "unsupported",
		},
	},
	{
		name: "a CPU this host does not have",
		yaml: "{cpus: 99, resumeLatency: shallowestState}",
		after: {},
		verdicts: { "cpuIdle.cpu99.resumeLatency": "liveDrift" },
		fails:
			/cpu99\.resumeLatency: expected CPUs of 0-15, which are all that this host can have, got 99\n(?:.*\n)*cpuIdle\.cpu99\.resumeLatency +n\/a +absent/,
	},
]);
