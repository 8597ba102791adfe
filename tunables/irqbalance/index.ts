/**
 * irqbalance: the daemon that moves interrupts between CPUs, switched off or banned
 * from some of them.
 *
 * It comes first: a running daemon overwrites the masks of irqAffinity within ten
 * seconds. Off means a masked unit, since package upgrades enable a disabled one
 * again. Banned CPUs are written in both of the daemon's spellings, which differ by
 * version. The live value is the environment of the running process, not the file.
 */
import { type Infer, object, union } from "../../inventory/decode/decoder";
import { cpuList, oneOf } from "../../inventory/decode/scalars";
import type { Tunable } from "../../inventory/tunable";

const decoder = union(
	[
		oneOf(["off"], "The daemon does not run"),
		object(
			{
				required: {
					bannedCpus: cpuList("CPUs that get no interrupts from the daemon"),
				},
			},
			"The daemon, as far as it is installed and enabled",
		),
	],
	"The daemon that moves interrupts between CPUs",
);

export const irqbalance: Tunable<Infer<typeof decoder>> = {
	name: "irqbalance",
	docs: {
		summary: "the daemon that moves interrupts, off or restricted",
		keys: [
			{
				key: "service",
				meaning:
					"off stops the daemon and masks its unit; a host without it satisfies that",
				values: "off",
			},
			{
				key: "bannedCpus",
				meaning:
					"CPUs the daemon leaves alone, in place of those it finds in isolcpus and nohz_full; it is restarted when they change",
				values: "a CPU list with at least one CPU: none would allow all",
			},
		],
		layers: ["live", "boot"],
		needsReboot: "never",
		risks: [
			"off leaves every interrupt where it is: declare irqAffinity too",
			"banned CPUs replace the daemon's own list of isolated ones: name all of them",
		],
		cannotBeUndone:
			"interrupts stay where they are until the daemon, once it runs again, moves them",
		persistence:
			"a masked unit, or /etc/default/irqbalance (Debian, Ubuntu) and /etc/sysconfig/irqbalance (RHEL, Rocky)",
		sources: [
			"irqbalance(1), ENVIRONMENT VARIABLES",
			"systemctl(1), mask",
			"Documentation/core-api/irq/irq-affinity.rst",
		],
		example: "irqbalance: off",
	},
	decoder,
	settings: (spec) => [
		spec === "off"
			? {
					tunable: "irqbalance",
					key: "service",
					match: "exact",
					value: spec,
					effect: "live",
				}
			: {
					tunable: "irqbalance",
					key: "bannedCpus",
					match: "cpuSet",
					value: spec.bannedCpus,
					effect: "live",
				},
	],
};
