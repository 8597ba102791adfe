/** Turns a TuneD profile into the `tuning` of an inventory. */
import { fieldsOf } from "../../model/plainData";
import { keysOf } from "./inventoryKeys";
import { withoutRefused } from "./refusedKeys";
import { type Option, readProfile } from "./tunedProfile";
import { type Placed, plainOf, tuningTree } from "./tuningTree";

export interface Imported {
	/** What is under `tuning`. */
	readonly tuning: { readonly [tunable: string]: unknown };
	/** A line of the profile and why it is not in `tuning`. */
	readonly left: readonly { readonly line: number; readonly why: string }[];
}

/** Options that say which devices, or describe the profile. */
const chosen = ["type", "devices", "enabled", "replace", "summary"];

function whyLeft(option: Option): string | undefined {
	const { name, value, plugin } = option;
	if (name === "include") {
		return `include=${value}: import that file as well`;
	}
	return plugin === "main" && !chosen.includes(name)
		? `${name}: describes the profile, and is not imported`
		: undefined;
}

/**
 * Maps every option of a profile, or says why it cannot be mapped. What is mapped
 * passes `metaltune validate`.
 */
export function importTuned(text: string): Imported {
	const { options, unread } = readProfile(text);
	const placed: Placed[] = [];
	const left = unread.map(({ line, text: content }) => ({
		line,
		why: `${content}: is no option of a section`,
	}));
	const devices = new Map(
		options
			.filter(({ name }) => name === "devices")
			.map(({ section, value }) => [section, value]),
	);
	const off = options
		.filter(
			({ name, value }) => name === "enabled" && /^(?:0|false)$/i.test(value),
		)
		.map(({ section }) => section);
	for (const option of options) {
		const { line, section, name } = option;
		const why = whyLeft(option);
		if (why !== undefined) left.push({ line, why });
		if (why !== undefined || section === "variables") continue;
		if (chosen.includes(name) || off.includes(section)) continue;
		const mapping = keysOf(option, { devices: devices.get(section) });
		if (typeof mapping === "string") {
			left.push({ line, why: `${section}.${name}: ${mapping}` });
		} else placed.push(...mapping.map((mapped) => ({ ...mapped, line })));
	}
	const { taken, refused } = withoutRefused(placed);
	return {
		tuning: fieldsOf(plainOf(tuningTree(taken)), "tuning"),
		left: [...left, ...refused].toSorted((a, b) => a.line - b.line),
	};
}
