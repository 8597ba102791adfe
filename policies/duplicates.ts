/** Hosts that share a value which must be unique to each host. */
import type { HostSpec } from "../model/hostSpec";
import type { Finding } from "./rule";

/**
 * One finding for each host whose value an earlier host already has.
 *
 * @param trait the value that is compared; undefined if it is not known yet.
 */
export function duplicates(
	hosts: readonly HostSpec[],
	trait: { readonly path: string; of(host: HostSpec): string | undefined },
): readonly Finding[] {
	const seen = new Map<string, string>();
	return hosts.flatMap((host) => {
		const value = trait.of(host);
		if (value === undefined) return [];
		const first = seen.get(value);
		if (first === undefined) {
			seen.set(value, host.name);
			return [];
		}
		return [
			{
				host: host.name,
				path: trait.path,
				wrong: `is ${value}, as on ${first}`,
				right: "give each host its own",
			},
		];
	});
}
