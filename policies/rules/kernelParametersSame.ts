/** Machines of one group boot alike. */
import type { HostSpec } from "../../model/hostSpec";
import type { FleetRule } from "../rule";
import { parameterName, parameterOf, parameterPath, tuningOf } from "../tuning";

function shown(host: HostSpec, name: string): string {
	const value = parameterOf(host, name);
	return value === undefined ? "absent" : value || "set";
}

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
			const written = [...Object.keys(theirs), ...Object.keys(ours)];
			const names = new Set(written.map(parameterName));
			return [...names]
				.filter((name) => shown(host, name) !== shown(first, name))
				.map((name) => ({
					host: host.name,
					path: parameterPath(host, name),
					wrong: `is ${shown(host, name)}, but ${shown(first, name)} on ${first.name} of the same group`,
					right: "declare it for the group, or move the host to another one",
				}));
		}),
};
