import { clocksource } from "../../tunables/clocksource";
import { describeTunable } from "../support/tunableContract";

const directory = "sys/devices/system/clocksource/clocksource0";
const current = `${directory}/current_clocksource`;

describeTunable(clocksource, [
	{
		name: "another source",
		yaml: "tsc",
		before: { [current]: "hpet\n" },
		after: { [current]: "tsc\n" },
		drifts: [
			{
				name: "a source chosen by hand",
				change: { [current]: "acpi_pm\n" },
				finds: { "clocksource.current": "liveDrift" },
			},
		],
	},
	{
		name: "a source the kernel dropped",
		yaml: "tsc",
		before: {
			[`${directory}/available_clocksource`]: "hpet acpi_pm \n",
			[current]: "hpet\n",
		},
		after: { [current]: "hpet\n" },
		verdicts: { "clocksource.current": "unsupported" },
	},
	{
		name: "a kernel that offers no choice",
		yaml: "tsc",
		before: { [directory]: undefined },
		after: { [current]: undefined },
		verdicts: { "clocksource.current": "unsupported" },
	},
]);
