/** Hosts of one group boot with the same kernel parameters. */
import type { HostSpec } from "../../model/hostSpec";
import {
	parameterName,
	parameterOf,
	parameterPath,
	tuningOf,
} from "../declaredTuning";
import type { FleetRule } from "../rule";

function shown(host: HostSpec, name: string): string {
	const value = parameterOf(host, name);
	return value === undefined ? "absent" : value || "set";
}

export const kernelParametersSame: FleetRule = {
	name: "kernelParametersSame",
	topic: "fleet",
	scope: "fleet",
	severity: "mandatory",
	demand: "Hosts of one group have the same kernel parameters",
	reason:
		"Kernel parameters decide at boot which CPUs are isolated. A host with other parameters needs other placements of applications, and a group of its own",
	source: "docs/policies.md, Hosts of one group",
	judge: (hosts) =>
		hosts.flatMap((host) => {
			const first = hosts.find(({ group }) => group === host.group);
			if (first === undefined || first === host) return [];
			const own = tuningOf(host).kernelCommandLine ?? {};
			const expected = tuningOf(first).kernelCommandLine ?? {};
			const written = [...Object.keys(expected), ...Object.keys(own)];
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
