/** Which key of an inventory has the effect of an option of TuneD. */
import type { Option } from "./tunedProfile";

/** A path below `tuning` and its value. */
export interface Mapped {
	readonly path: readonly string[];
	readonly value: unknown;
}

/** The keys, or a sentence on why there is none. */
export type Mapping = readonly Mapped[] | string;

/** Options of a section that choose devices, for `keysOf`. */
export interface Section {
	readonly devices: string | undefined;
}

type Plugin = (option: Option, section: Section) => Mapping;

const scalar = (text: string): string | number =>
	/^(?:0|[1-9][0-9]{0,14})$/.test(text) ? Number(text) : text;

const onOff = (text: string): string | undefined =>
	({ 1: "on", on: "on", 0: "off", off: "off" })[text];

function oneOf(
	path: readonly string[],
	value: string,
	words: readonly string[],
): Mapping {
	return words.includes(value)
		? [{ path, value }]
		: `the inventory has no such value; it has ${words.join(", ")}`;
}

const pages = ["always", "madvise", "never"];
const defrag = ["always", "defer", "defer+madvise", "madvise", "never"];

/** `>N` raises a value and never lowers it. */
function sysctlOf(name: string, value: string): Mapping {
	const least = /^>\s*([0-9]+)$/.exec(value)?.[1];
	if (least !== undefined) {
		return [{ path: ["sysctl", name], value: { atLeast: Number(least) } }];
	}
	return /^[<>]/.test(value)
		? "the inventory cannot lower a value only where it is higher"
		: [{ path: ["sysctl", name], value: scalar(value.replace(/\s+/g, " ")) }];
}

const sysctl: Plugin = ({ name, value }) => sysctlOf(name, value);

const vm: Plugin = ({ name, value }) => {
	if (/^transparent_hugepages?$/.test(name)) {
		return oneOf(["memory", "transparentHugePages"], value, pages);
	}
	if (name === "transparent_hugepage.defrag") {
		return oneOf(["memory", "transparentHugePagesDefrag"], value, defrag);
	}
	const ratio = /^([0-9]+)%$/.exec(value)?.[1];
	if (/^dirty_(?:background_)?bytes$/.test(name) && ratio !== undefined) {
		return sysctlOf(`vm.${name.replace("bytes", "ratio")}`, ratio);
	}
	return /^dirty_(?:background_)?(?:bytes|ratio)$/.test(name)
		? sysctlOf(`vm.${name}`, value)
		: "no key of the inventory has this effect";
};

const sysfs: Plugin = ({ name, value }) => {
	switch (name) {
		case "/sys/kernel/mm/transparent_hugepage/enabled":
			return oneOf(["memory", "transparentHugePages"], value, pages);
		case "/sys/kernel/mm/transparent_hugepage/defrag":
			return oneOf(["memory", "transparentHugePagesDefrag"], value, defrag);
		case "/sys/kernel/mm/ksm/run":
			return oneOf(["memory", "ksm"], onOff(value) ?? value, ["on", "off"]);
		default:
			return "no key of the inventory writes this file";
	}
};

const preferences = ["default", "performance", "balance_performance"];

const cpu: Plugin = ({ name, value }, { devices }) => {
	if (devices !== undefined && devices !== "*") {
		return "cpuFrequency applies to all CPUs, and this section names some";
	}
	if (value.includes("|")) {
		return "the inventory has one value, not a list of choices";
	}
	const path = (key: string) => ["cpuFrequency", key];
	switch (name) {
		case "governor":
			return [{ path: path("governor"), value }];
		case "energy_performance_preference":
			return oneOf(path("energyPerformancePreference"), value, [
				...[...preferences, "balance_power", "power"],
			]);
		case "boost":
			return oneOf(path("boost"), onOff(value) ?? value, ["on", "off"]);
		case "no_turbo":
			return oneOf(path("boost"), { 1: "off", 0: "on" }[value] ?? value, [
				...["on", "off"],
			]);
		case "min_perf_pct":
			return /^(?:[1-9][0-9]?|100)$/.test(value)
				? [{ path: path("minPerformancePercent"), value: Number(value) }]
				: "expected 1 to 100 percent";
		case "force_latency":
			return "cpuIdle sets a resume latency per CPU; choose the CPUs";
		default:
			return "no key of the inventory has this effect";
	}
};

const groups: { readonly [option: string]: readonly [string, RegExp] } = {
	channels: ["channels", /^(?:rx|tx|combined|other)$/],
	ring: ["rings", /^(?:rx|tx)$/],
	coalesce: ["coalescing", /^(?:adaptive-[rt]x|[rt]x-(?:usecs|frames))$/],
	features: ["offloads", /^[a-z][a-z0-9-]*$/],
};

const camel = (word: string) =>
	word.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

const net: Plugin = ({ name, value }, { devices = "" }) => {
	const nics = devices.split(/[\s,]+/).filter((each) => each !== "");
	const group = groups[name];
	if (group === undefined) return "no key of the inventory has this effect";
	if (nics.length === 0 || nics.some((nic) => /[*?![\]]/.test(nic))) {
		return "ethtool needs the names of NICs, and this section has a pattern or none";
	}
	const words = value.split(/[\s,]+/);
	const pairs = words.flatMap((word, index) =>
		index % 2 === 0 ? [[word, words[index + 1] ?? ""] as const] : [],
	);
	const [key, known] = group;
	const wrong = pairs.find(
		([word, to]) => !known.test(word) || !/^(?:on|off|[0-9]+)$/.test(to),
	);
	if (wrong !== undefined) return `ethtool.${key} has no ${wrong.join(" ")}`;
	const spelled = key === "coalescing" ? camel : (word: string) => word;
	return nics.flatMap((nic) =>
		pairs.map(([word, to]) => ({
			path: ["ethtool", nic, key, spelled(word)],
			value: scalar(to),
		})),
	);
};

/** `4`, or `0:2,1:2` by NUMA node. */
function poolOf(pages: string): unknown {
	return /^\d+:\d+(?:,\d+:\d+)*$/.test(pages)
		? Object.fromEntries(
				pages.split(",").map((each) => {
					const [node, count] = each.split(":");
					return [`node${node}`, Number(count)];
				}),
			)
		: scalar(pages);
}

/**
 * Words of a kernel command line as keys. `hugepagesz=` gives the size of the
 * `hugepages=` that follow (kernel-parameters.txt), which is a key of its own.
 */
function parameterKeys(words: readonly string[]): readonly Mapped[] {
	let size: string | undefined;
	const counts = (index: number) =>
		words
			.slice(index + 1)
			.find((each) => /^hugepagesz?=/.test(each))
			?.startsWith("hugepages=") === true;
	return words.flatMap((word, index): readonly Mapped[] => {
		const at = word.indexOf("=");
		const [key, to] =
			at === -1 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
		if (key === "hugepagesz" && to !== undefined && counts(index)) {
			size = to.toUpperCase();
			return [];
		}
		if (key === "hugepages" && to !== undefined && size !== undefined) {
			return [{ path: ["hugePages", size], value: poolOf(to) }];
		}
		const value = to === undefined ? true : scalar(to);
		return [{ path: ["kernelCommandLine", key], value }];
	});
}

const bootloader: Plugin = ({ name, value }) => {
	if (!name.startsWith("cmdline")) {
		return "no key of the inventory has this effect";
	}
	if (/^-|["']/.test(value)) {
		return "words that are removed or quoted are not imported";
	}
	const words = value.replace(/^\+>?/, "").trim().split(/\s+/);
	return parameterKeys(words.filter((word) => word !== ""));
};

const plugins: { readonly [name: string]: Plugin } = {
	...{ sysctl, vm, sysfs, cpu, net, bootloader },
};

/** The keys that have the effect of an option. */
export function keysOf(option: Option, section: Section): Mapping {
	const plugin = Object.hasOwn(plugins, option.plugin)
		? plugins[option.plugin]
		: undefined;
	if (plugin === undefined) {
		return `the plugin ${option.plugin} has no counterpart in an inventory`;
	}
	return /\$\{/.test(option.value)
		? "its value needs a variable or function that this file does not define"
		: plugin(option, section);
}
