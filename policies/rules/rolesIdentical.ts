/** Hosts of one group have the same tuning and applications. */
import type { HostSpec } from "../../model/hostSpec";
import type { FleetRule } from "../rule";

/** Paths at which two values differ, in the order of the first. */
function differences(a: unknown, b: unknown, path: string): readonly string[] {
	if (a === b) return [];
	const isMap = (value: unknown) =>
		typeof value === "object" && value !== null && !Array.isArray(value);
	if (!isMap(a) || !isMap(b)) {
		return JSON.stringify(a) === JSON.stringify(b) ? [] : [path];
	}
	const left: { readonly [key: string]: unknown } = { ...Object(a) };
	const right: { readonly [key: string]: unknown } = { ...Object(b) };
	const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
	return [...keys].flatMap((key) =>
		differences(left[key], right[key], `${path}.${key}`),
	);
}

function compare(first: HostSpec, other: HostSpec): readonly string[] {
	return [
		...differences(first.tuning, other.tuning, "tuning").filter(
			(path) => !path.startsWith("tuning.kernelCommandLine"),
		),
		...differences(first.applications, other.applications, "applications"),
	];
}

export const rolesIdentical: FleetRule = {
	name: "rolesIdentical",
	topic: "fleet",
	scope: "fleet",
	severity: "advisory",
	demand:
		"The hosts of one group have the same tuning and applications after merging",
	reason:
		"The latencies of a different host are hard to explain, and the canary proves nothing about it",
	source: "docs/policies.md, Hosts of one group",
	judge: (hosts) =>
		hosts.flatMap((host) => {
			const first = hosts.find(({ group }) => group === host.group);
			if (first === undefined || first === host) return [];
			return compare(first, host).map((path) => ({
				host: host.name,
				path,
				wrong: `differs from ${first.name} of the same group`,
				right: "declare it for the group, or move the host to another one",
			}));
		}),
};
