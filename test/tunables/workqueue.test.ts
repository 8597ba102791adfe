import { workqueue } from "../../tunables/workqueue";
import { describeTunable } from "../support/tunableContract";

const directory = "sys/devices/virtual/workqueue";
const mask = `${directory}/cpumask`;
const writeback = `${directory}/writeback/cpumask`;

describeTunable(workqueue, [
	{
		name: "housekeeping CPUs",
		yaml: `
cpus: 0-3,8-11
writebackCpus: 0
`,
		after: { [mask]: "0f0f\n", [writeback]: "0001\n" },
		drifts: [
			{
				name: "one CPU more",
				change: { [mask]: "0f1f\n" },
				finds: { "workqueue.cpus": "liveDrift" },
			},
		],
		shrunk: { yaml: "cpus: 0-3,8-11", restores: { [writeback]: "ffff\n" } },
	},
	{
		name: "more than 64 CPUs are read in the kernel's spelling",
		yaml: "cpus: 0-7,64-71",
		before: {
			[mask]: "000000ff,00000000,000000ff\n",
			"sys/devices/system/cpu/possible": "0-95\n",
		},
		after: { [mask]: "000000ff,00000000,000000ff\n" },
	},
	{
		name: "CPUs that this host does not have",
		yaml: "cpus: 0-31",
		after: { [mask]: "ffff\n" },
		verdicts: { "workqueue.cpus": "liveDrift" },
		fails:
			/refused, and nothing was changed[\s\S]*cpus: expected CPUs of 0-15, which are all that this host can have, got 0-31\n(?:.*\n)*workqueue\.cpus +0-31 +0-15 /,
	},
	{
		name: "a kernel that shows no mask",
		yaml: "cpus: 0-7",
		before: { [directory]: undefined },
		after: { [mask]: undefined },
		verdicts: { "workqueue.cpus": "unsupported" },
	},
]);
