/** The inventory group that describes a running lab. */
import { stringify } from "yaml";
import type { SimulatedLab } from "./simulatedHosts";

/**
 * The text of a `hosts/*.yaml` for the machines of a lab, logging in with the
 * agent's key; `sections` (tuning, applications, rollout...) are copied unchanged.
 */
export function inventoryYaml(
	lab: SimulatedLab,
	sections: { readonly [section: string]: unknown },
): string {
	return stringify({
		connection: { user: lab.user, become: false },
		...sections,
		machines: Object.fromEntries(
			lab.hosts.map(({ name, port, hostKey }) => [
				name,
				{ address: "127.0.0.1", port, hostKey },
			]),
		),
	});
}
