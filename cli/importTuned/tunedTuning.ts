/** Turns a TuneD profile into the `tuning` of an inventory. */
import { isFields } from "../../model/plainData";
import { keysOf, type Mapped } from "./inventoryKeys";
import { type Option, readProfile } from "./tunedProfile";

export interface Imported {
	/** What is under `tuning`. */
	readonly tuning: { readonly [tunable: string]: unknown };
	/** A line of the profile and why it is not in `tuning`. */
	readonly left: readonly { readonly line: number; readonly why: string }[];
}

/** Options that say which devices, or describe the profile. */
const chosen = ["type", "devices", "enabled", "replace", "summary"];

interface Tree {
	[key: string]: unknown;
}

function put(tree: Tree, { path, value }: Mapped): void {
	const [key = "", ...rest] = path;
	if (rest.length > 0) {
		const known = tree[key];
		const below: Tree = isFields(known) ? { ...known } : {};
		tree[key] = below;
		put(below, { path: rest, value });
		return;
	}
	tree[key] = value;
}

/** A kernel parameter that is given again, such as hugepagesz, is a list. */
function repeated(tuning: Tree, mapped: Mapped): Mapped {
	const [tunable = "", key = ""] = mapped.path;
	const known = tuning[tunable];
	const earlier = isFields(known) ? known[key] : undefined;
	return tunable !== "kernelCommandLine" || earlier === undefined
		? mapped
		: { ...mapped, value: [earlier, mapped.value].flat() };
}

function whyLeft(option: Option): string | undefined {
	const { name, value, plugin } = option;
	if (name === "include") {
		return `include=${value}: import that file as well`;
	}
	return plugin === "main" && !chosen.includes(name)
		? `${name}: describes the profile, and is not imported`
		: undefined;
}

/** Maps every option of a profile, or says why it cannot be mapped. */
export function importTuned(text: string): Imported {
	const { options, unread } = readProfile(text);
	const tuning: Tree = {};
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
		} else for (const mapped of mapping) put(tuning, repeated(tuning, mapped));
	}
	return { tuning, left: left.toSorted((a, b) => a.line - b.line) };
}
