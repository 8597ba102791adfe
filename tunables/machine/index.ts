/**
 * machine: what a machine must be and nobody can tune: its kernel and its
 * processor. Only the items of a checklist ask for it, so it is part of no
 * apply, no revert and no drift.
 *
 * Mechanism: /proc/sys/kernel/osrelease up to its first letter or dash, and the
 * words that every `flags` line of /proc/cpuinfo has; the kernel leaves out
 * those of features that the firmware or a hypervisor disabled (proc(5)).
 *
 * Latency: a program that finds no AVX2 runs its scalar path, if it has one, or
 * dies of SIGILL.
 */
import { type Infer, list, object } from "../../inventory/decode/decoder";
import { text } from "../../inventory/decode/scalars";
import type { Tunable } from "../../inventory/tunable";
import type { Setting } from "../../model/settings";

/** `machine` of an item of a checklist. */
export const machineSection = object(
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

export type Machine = Infer<typeof machineSection>;

export const machine: Tunable<Machine> = {
	name: "machine",
	beside: true,
	docs: {
		summary: "what a machine must be; part of an item of `checklist`",
		keys: [
			{
				key: "kernel",
				meaning: "the running kernel's version, without what follows a dash",
				values: 'the oldest version that will do, such as "5.1"',
			},
			{
				key: "cpuFlags.FLAG",
				meaning: "every CPU has this feature",
				values: "cpuFlags: a list of words from /proc/cpuinfo",
			},
		],
		layers: ["live"],
		needsReboot: "never",
		risks: ["none: nothing is written"],
		cannotBeUndone: "nothing",
		persistence: "none",
		sources: ["proc(5), /proc/cpuinfo and /proc/sys/kernel/osrelease"],
		example: `machine: {kernel: "5.1", cpuFlags: [avx2]}`,
	},
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
