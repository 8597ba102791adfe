/**
 * Changes of a host in the inventory that its stack has not deployed. Every run
 * of `pulumi up` would deploy them too.
 */

import { programFor } from "../../host/assemble";
import { contentSecrets } from "../../inventory/contentSecrets";
import type { HostSpec } from "../../model/hostSpec";
import type { Fields } from "../../model/plainData";
import { type Setting, settingId } from "../../model/settings";
import { expectedText } from "../../model/verdict";
import type { StackTarget } from "./fromStack";

/** A key of a description; absent where it is not declared. */
export interface Change {
	readonly key: string;
	readonly before?: string;
	readonly after?: string;
}

type Text = readonly [key: string, text: string];

/** Sections that resources use; settings stand for the others. */
const sections = ["connection", "rollout", "aws"] as const;

function leavesOf(value: unknown, path: string): readonly Text[] {
	if (value === undefined) return [];
	if (typeof value !== "object" || value === null) {
		return [[path, String(value)]];
	}
	return Object.entries(value).flatMap(([key, each]) =>
		leavesOf(each, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`),
	);
}

function textsOf(host: {
	readonly settings: readonly Setting[];
	readonly description: Fields;
	readonly program: string;
}): ReadonlyMap<string, string> {
	const { settings, description, program } = host;
	return new Map([
		...settings.map((each): Text => [settingId(each), expectedText(each)]),
		...sections.flatMap((section) => leavesOf(description[section], section)),
		["metaltune.program", program],
	]);
}

/**
 * Compares what a stack has deployed with what `pulumi up` would deploy now.
 *
 * @returns every key that differs; none when a repair would only repair.
 */
export function undeployedChanges(
	target: StackTarget,
	spec: HostSpec,
): readonly Change[] {
	const deployed = textsOf(target);
	const described = textsOf({
		...spec,
		description: { ...spec },
		program: programFor(spec.settings).hash,
	});
	const keys = new Set([...deployed.keys(), ...described.keys()]);
	// The inventory alone does not have their content.
	for (const { ids } of contentSecrets(spec)) {
		for (const id of ids) keys.delete(id);
	}
	return [...keys].flatMap((key) => {
		const before = deployed.get(key);
		const after = described.get(key);
		if (before === after) return [];
		return [
			{
				key,
				...(before === undefined ? {} : { before }),
				...(after === undefined ? {} : { after }),
			},
		];
	});
}
