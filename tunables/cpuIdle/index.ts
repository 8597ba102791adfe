/**
 * cpuIdle: how deep single CPUs may sleep.
 *
 * The values of the kernel's file are easily confused: 0 means that any latency is
 * allowed, and n/a that none is. The inventory uses words, and numbers of
 * microseconds from 1.
 *
 * States are disabled by name, exactly those given, since their numbers differ
 * between processors. resumeLatency is a limit by latency: the governor then omits
 * every state with a longer exit latency.
 *
 * Boot: metaltune.service writes the files once.
 *
 * Unsupported: no cpuidle driver, or a state that the complete list of a CPU does not
 * have. A state whose files cannot be read is unreadable.
 */

import {
	type Infer,
	list,
	map,
	object,
	union,
} from "../../inventory/decode/decoder";
import { cpuList, integer, oneOf, text } from "../../inventory/decode/scalars";
import type { Tunable } from "../../inventory/tunable";
import { cpuNumbers } from "../../model/cpuSet";
import type { Setting } from "../../model/settings";

/** From the inventory's value to that of pm_qos_resume_latency_us. */
const words = { anyState: "0", shallowestState: "n/a" } as const;

const decoder = object(
	{
		required: { cpus: cpuList("CPUs that may not sleep as they like") },
		optional: {
			resumeLatency: union(
				[
					map(
						oneOf(
							["anyState", "shallowestState"],
							"anyState: no limit; shallowestState: no latency at all",
						),
						(word) => words[word],
					),
					object(
						{
							required: {
								atMostMicroseconds: integer({
									description: "Longest time to come back from an idle state",
									min: 1,
									max: 2147483646,
									unit: "microseconds",
								}),
							},
						},
						"A limit",
					),
				],
				"How long a CPU may take to come back from idle",
			),
			disabledStates: list(
				text({
					description: "Idle state, as in cpuidle/stateN/name",
					pattern: /^[A-Za-z0-9_-]+(?: [A-Za-z0-9_-]+)*$/,
					expected: "the name of an idle state such as C6",
				}),
				"The idle states that are disabled; all others are enabled",
			),
		},
	},
	"Idle states of single CPUs",
);

type CpuIdle = Infer<typeof decoder>;

/** The declared values of one CPU. */
function values({ resumeLatency, disabledStates }: CpuIdle) {
	const names = [...new Set(disabledStates)].toSorted();
	return {
		...(resumeLatency === undefined
			? {}
			: {
					resumeLatency:
						typeof resumeLatency === "string"
							? resumeLatency
							: String(resumeLatency.atMostMicroseconds),
				}),
		...(disabledStates === undefined
			? {}
			: { disabledStates: names.length === 0 ? "none" : names.join(",") }),
	};
}

export const cpuIdle: Tunable<CpuIdle> = {
	name: "cpuIdle",
	docs: {
		summary: "how deep single CPUs may sleep",
		keys: [
			{
				key: "cpuN.resumeLatency",
				meaning:
					"how long the CPU may take to come back from idle; the governor leaves out deeper states",
				values:
					"anyState (reported as 0), shallowestState (reported as n/a: it polls where there is a state POLL), or {atMostMicroseconds: 1...}",
			},
			{
				key: "cpuN.disabledStates",
				meaning: "the idle states that are disabled, and no others",
				values: "a list of names from cpuidle/stateN/name; none for []",
			},
		],
		layers: ["live", "boot"],
		needsReboot: "never",
		risks: [
			"a CPU that only polls takes the power and the thermal room that let its neighbours boost",
			"anyone may write the latency file later: the last writer wins",
			"without a cpuidle driver, or on idle=poll, there is nothing to set: unsupported",
		],
		cannotBeUndone: "nothing",
		persistence: "metaltune.service",
		sources: [
			"Documentation/admin-guide/pm/cpuidle.rst, Representation of Idle States and Power Management Quality of Service for CPUs",
			"Documentation/ABI/testing/sysfs-devices-power, pm_qos_resume_latency_us",
		],
		example: `cpuIdle:
  cpus: 8-15
  resumeLatency: {atMostMicroseconds: 2}
  disabledStates: [C6]`,
	},
	decoder,
	settings: (spec) =>
		cpuNumbers(spec.cpus).flatMap((cpu) =>
			Object.entries(values(spec)).map(
				([name, value]): Setting => ({
					tunable: "cpuIdle",
					key: `cpu${cpu}.${name}`,
					match: "exact",
					value,
					effect: "live",
				}),
			),
		),
};
