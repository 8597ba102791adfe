/**
 * Which groups of the inventory a stack manages, so that a fleet can be split
 * into several stacks.
 */
import type { HostSpec } from "../model/hostSpec";
import { suggestion } from "../model/nearest";
import { quoted } from "../model/problem";

/** The config names groups that this inventory does not have. */
export class GroupsError extends Error {}

/** Completes "expected ..." for the Pulumi config `metaltune:groups`. */
const form = "a list of group names, such as [fx-store, raven]";

/**
 * The hosts of the chosen groups.
 *
 * @param chosen as configured; every group when undefined.
 * @throws GroupsError with every wrong name, when it is not a list of groups of
 *   this inventory.
 */
export function hostsOfGroups(
	specs: readonly HostSpec[],
	chosen: unknown,
): readonly HostSpec[] {
	if (chosen === undefined) return specs;
	const refuse = (found: string): never => {
		throw new GroupsError(
			`metaltune:groups in the stack's config: expected ${form}, got ${found}`,
		);
	};
	if (!Array.isArray(chosen) || chosen.length === 0) {
		return refuse(quoted(JSON.stringify(chosen)));
	}
	const known = [...new Set(specs.map(({ group }) => group))];
	const wrong = chosen.filter((name) => !known.includes(name));
	if (wrong.length > 0) {
		const names = wrong.map((name) => {
			const text = typeof name === "string" ? name : JSON.stringify(name);
			return `${quoted(text)}${suggestion(text, known)}`;
		});
		return refuse(`${names.join("; ")}; known: ${known.join(", ")}`);
	}
	return specs.filter(({ group }) => chosen.includes(group));
}
