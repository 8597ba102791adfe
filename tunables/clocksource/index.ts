/**
 * clocksource: the counter behind clock_gettime.
 *
 * The hardware and the kernel's watchdog determine which counters the kernel
 * offers. Any other is unsupported, and the reason lists the offered ones. The
 * watchdog may drop one later: that is drift, and apply then reports why it cannot
 * be set.
 */
import { text } from "../../inventory/decode/scalars";
import type { Tunable } from "../../inventory/tunable";

const decoder = text({
	description: "Clock source, as in available_clocksource",
	pattern: /^[a-z0-9_-]+$/,
	expected: "a clock source such as tsc",
});

export const clocksource: Tunable<string> = {
	name: "clocksource",
	docs: {
		summary: "the counter that the kernel reads the time from",
		keys: [
			{
				key: "current",
				meaning:
					"tsc is read in user space within some 20 ns; hpet and acpi_pm cost a system call and about a microsecond",
				values: "tsc, hpet, acpi_pm, kvm-clock... as the host offers",
			},
		],
		layers: ["live", "boot"],
		needsReboot: "never",
		risks: [
			"the kernel does not offer tsc where it found it unstable: do not force it by tsc=reliable before knowing why",
		],
		cannotBeUndone: "nothing",
		persistence: "metaltune.service",
		sources: [
			"Documentation/timers/timekeeping.rst, Clock sources",
			"Documentation/admin-guide/kernel-parameters.txt, clocksource and tsc",
		],
		example: "clocksource: tsc",
	},
	decoder,
	settings: (source) => [
		{
			tunable: "clocksource",
			key: "current",
			match: "exact",
			value: source,
			effect: "live",
		},
	],
};
