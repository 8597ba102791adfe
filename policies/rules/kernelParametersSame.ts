/** Machines of one group boot alike. */
import type { FleetRule } from "../rule";
import { tuningOf } from "../tuning";

export const kernelParametersSame: FleetRule = {
	name: "kernelParametersSame",
	topic: "fleet",
	scope: "fleet",
	severity: "mandatory",
	demand: "hosts of one group have the same kernel parameters",
	reason:
		"which CPUs are whose is decided at boot: a host that differs there needs applications placed differently, and is a group of its own",
	source: "docs/policies.md, Hosts of one group",
	judge: (hosts) =>
		hosts.flatMap((host) => {
			const first = hosts.find(({ group }) => group === host.group);
			if (first === undefined || first === host) return [];
			const ours = tuningOf(host).kernelCommandLine ?? {};
			const theirs = tuningOf(first).kernelCommandLine ?? {};
			const names = new Set([...Object.keys(theirs), ...Object.keys(ours)]);
			const shown = (parameters: typeof ours, name: string) => {
				const parameter = parameters[name];
				return parameter === undefined || parameter.match === "absent"
					? "absent"
					: parameter.value || "set";
			};
			return [...names]
				.filter((name) => shown(ours, name) !== shown(theirs, name))
				.map((name) => ({
					host: host.name,
					path: `tuning.kernelCommandLine.${name}`,
					wrong: `is ${shown(ours, name)}, but ${shown(theirs, name)} on ${first.name} of the same group`,
					right: "declare it for the group, or move the host to another one",
				}));
		}),
};
