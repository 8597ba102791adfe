/** Hosts that share what each should have for itself. */
import type { HostSpec } from "../model/hostSpec";
import type { Finding } from "./rule";

/**
 * One finding for each host whose trait an earlier host has already.
 *
 * @param trait what is compared; undefined is not known yet.
 */
export function twins(
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
				wrong: `${value} is that of ${first} too`,
				right: "give each host its own",
			},
		];
	});
}
