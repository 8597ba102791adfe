/**
 * The settings of a decoded `tuning` section: those of all tunables, in the
 * order in which they are applied.
 */

import type { ProblemSink } from "../../model/problem";
import { type Setting, settingId } from "../../model/settings";
import { expectedText } from "../../model/verdict";
import type { Tunable } from "../tunable";
import { entryOf, type MapNode } from "../yaml/node";

/** Tunable name to its decoded section. */
export type Tuning = { readonly [tunable: string]: unknown };

interface Origin {
	readonly setting: Setting;
	/** The tunable whose section declares the setting. */
	readonly section: string;
}

function isSame(a: Setting, b: Setting): boolean {
	return a.match === b.match && a.value === b.value && a.effect === b.effect;
}

function wanted(setting: Setting, other: Setting): string {
	const text = expectedText(setting);
	return setting.effect === other.effect ? text : `${text} (${setting.effect})`;
}

/** Settings by key, compared as bytes, as sort(1) does on the host. */
export function byKey(settings: readonly Setting[]): readonly Setting[] {
	return settings
		.map((setting) => ({ setting, key: Buffer.from(setting.key) }))
		.toSorted((a, b) => a.key.compare(b.key))
		.map(({ setting }) => setting);
}

function inRegistryOrder(
	settings: readonly Setting[],
	tunables: readonly Tunable<unknown>[],
): readonly Setting[] {
	const placed = byKey(settings).map((setting) => {
		const place = tunables.findIndex(({ name }) => name === setting.tunable);
		if (place !== -1) return { setting, place };
		throw new Error(
			`expected a setting of a registered tunable, got ${settingId(setting)}`,
		);
	});
	return placed
		.toSorted((a, b) => a.place - b.place)
		.map(({ setting }) => setting);
}

/**
 * The settings of a section, in registry order of their tunable and then by
 * key. A tunable may declare settings of another. Two different values for one
 * setting are a problem, reported at the later section.
 *
 * @param section the decoded tuning, and its tree for places.
 */
export function tuningSettings(
	tunables: readonly Tunable<unknown>[],
	section: { readonly tuning: Tuning; readonly node: MapNode },
	problems: ProblemSink,
): readonly Setting[] {
	const { tuning, node } = section;
	const byId = new Map<string, Origin>();
	const origins = tunables
		.filter(({ name }) => tuning[name] !== undefined)
		.flatMap((tunable) =>
			tunable
				.settings(tuning[tunable.name])
				.map((setting) => ({ setting, section: tunable.name })),
		);
	for (const origin of origins) {
		const id = settingId(origin.setting);
		const earlier = byId.get(id);
		if (earlier === undefined) byId.set(id, origin);
		else if (!isSame(earlier.setting, origin.setting)) {
			problems
				.within("tuning")
				.within(origin.section)
				.report(
					entryOf(node, origin.section)?.keyAt ?? node.at,
					`asks for ${id} ${wanted(origin.setting, earlier.setting)}, but ${earlier.section} asks for ${wanted(earlier.setting, origin.setting)}; keep one of the two`,
				);
		}
	}
	const settings = [...byId.values()].map(({ setting }) => setting);
	return inRegistryOrder(settings, tunables);
}
