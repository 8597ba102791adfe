/** Hosts that do the same should be the same. */
import type { HostSpec } from "../../model/hostSpec";
import type { FleetRule } from "../rule";

/** What two values differ in, by path; keys in the order of the first. */
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
	demand: "hosts of one group are tuned alike, after everything was merged",
	reason:
		"a host that is different is the one whose latencies nobody can explain, and the canary proves nothing about it",
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
