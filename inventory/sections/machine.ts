/**
 * Decodes `machine` of a checklist item: the kernel and the processor that a
 * machine must have. Neither can be tuned, so it is not part of apply, revert
 * or drift.
 *
 * Mechanism: /proc/sys/kernel/osrelease up to its first letter or dash, and the
 * words that every `flags` line of /proc/cpuinfo has. The kernel omits features
 * that the firmware or a hypervisor disabled (proc(5)). host/verbs/machine.sh
 * reads both.
 *
 * Latency: a program that finds no AVX2 runs its scalar path, if it has one, or
 * is killed by SIGILL.
 */
import type { Setting } from "../../model/settings";
import { type Infer, list, object } from "../decode/decoder";
import { text } from "../decode/scalars";
import type { SettingsSection } from "../tunable";

const machineSection = object(
	{
		optional: {
			kernel: text({
				description: "The oldest kernel that will do, such as 5.1",
				pattern: /^\d+(?:\.\d+){0,2}$/,
				expected: 'a version in quotes such as "5.1"',
			}),
			cpuFlags: list(
				text({
					description: "As in /proc/cpuinfo, such as avx2",
					pattern: /^[a-z0-9_]+$/,
					expected: "a feature of a processor such as avx2",
				}),
				"Features that every CPU must have",
			),
		},
	},
	"What the machine must be",
);

const base = { tunable: "machine", effect: "live" } as const;

type Machine = Infer<typeof machineSection>;

/** `machine` of a checklist item, and the settings that check it on a host. */
export const machine: SettingsSection<Machine> = {
	name: "machine",
	decoder: machineSection,
	settings: ({ kernel, cpuFlags = [] }) => [
		...(kernel === undefined
			? []
			: [{ ...base, key: "kernel", match: "atLeast", value: kernel } as const]),
		...[...new Set(cpuFlags)].map(
			(flag): Setting => ({
				...base,
				key: `cpuFlags.${flag}`,
				match: "exact",
				value: "present",
			}),
		),
	],
};
