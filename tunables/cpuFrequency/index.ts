/**
 * cpuFrequency: the policies that determine CPU frequencies, the same for all CPUs.
 *
 * A key stands for every policy of the host, so that 128 CPUs are one line. Its
 * fact is the value they share. Deviations are listed by number (`policy3:
 * powersave, others: performance`); the same text in the baseline reverts every
 * policy. Policies whose CPUs are all offline are ignored: the kernel returns
 * errors for them, and restores their last governor when a CPU comes online.
 *
 * boost has a file for all policies, and since Linux 6.11 one of each as well. The fact is
 * that of the former, with the policies that deviate from it.
 *
 * Boot: metaltune.service writes the files once; they change again when a driver is
 * replaced, or when TuneD or power-profiles-daemon writes them.
 *
 * Unsupported: no policy at all, or a file that the driver in use does not have. Another
 * text than 0 or 1, or a file that cannot be read, is unreadable.
 */
import { type Infer, object } from "../../inventory/decode/decoder";
import { integer, oneOf, onOff, text } from "../../inventory/decode/scalars";
import type { Tunable } from "../../inventory/tunable";
import type { Setting } from "../../model/settings";

const decoder = object(
	{
		optional: {
			governor: text({
				description: "Frequency governor, as in scaling_available_governors",
				pattern: /^[a-z_]+$/,
				expected: "a governor such as performance",
			}),
			energyPerformancePreference: oneOf(
				[
					"default",
					"performance",
					"balance_performance",
					"balance_power",
					"power",
				],
				"What the hardware leans to when it chooses frequencies",
			),
			boost: onOff("Frequencies above the nominal one"),
			minPerformancePercent: integer({
				description: "Lowest performance, of the highest possible",
				min: 1,
				max: 100,
				unit: "percent",
			}),
		},
	},
	"Frequency of all CPUs",
);

type CpuFrequency = Infer<typeof decoder>;

export const cpuFrequency: Tunable<CpuFrequency> = {
	name: "cpuFrequency",
	docs: {
		summary: "governor, energy preference, boost and lowest performance",
		keys: [
			{
				key: "governor",
				meaning:
					"the kernel's policy that chooses frequencies; performance spares the first packet after a pause the ramp up",
				values:
					"what every policy's scaling_available_governors offers: performance, powersave, schedutil...",
			},
			{
				key: "energyPerformancePreference",
				meaning:
					"what the hardware leans to; drivers accept only performance while that is the governor",
				values:
					"default, performance, balance_performance, balance_power, power",
			},
			{
				key: "boost",
				meaning:
					"frequencies above the nominal one: on is faster, off is the same at every temperature",
				values: "on, off",
			},
			{
				key: "minPerformancePercent",
				meaning: "the floor under all frequencies (intel_pstate only)",
				values: "1 to 100 percent",
			},
		],
		layers: ["live", "boot"],
		needsReboot: "never",
		risks: [
			"more power and heat, which may cost boost on other cores",
			"tuned, power-profiles-daemon and thermald write the same files: apply says when one of them runs",
			"virtual machines and some bare-metal instances have no frequency driver: unsupported",
		],
		cannotBeUndone: "nothing",
		persistence: "metaltune.service",
		sources: [
			"Documentation/admin-guide/pm/cpufreq.rst, Policy Interface in sysfs and The boost File",
			"Documentation/admin-guide/pm/intel_pstate.rst, User Space Interface in sysfs",
			"Documentation/admin-guide/pm/amd-pstate.rst, User Space Interface in sysfs",
		],
		example: `cpuFrequency:
  governor: performance
  energyPerformancePreference: performance
  boost: on
  minPerformancePercent: 100`,
	},
	decoder,
	settings: (spec) =>
		Object.entries(spec).map(
			([key, value]): Setting => ({
				tunable: "cpuFrequency",
				key,
				match: "exact",
				value: String(value),
				effect: "live",
			}),
		),
};
