/**
 * Small tunables, so that tests of the inventory do not move when a real one
 * does.
 */
import {
	type Infer,
	map,
	object,
	record,
} from "../../inventory/decode/decoder";
import {
	cpuList,
	integer,
	onOff,
	scalarText,
	text,
} from "../../inventory/decode/scalars";
import type { Tunable, TunableDocs } from "../../inventory/tunable";
import type { Setting } from "../../model/settings";

/** For tunables whose documentation no test reads. */
export const anyDocs: TunableDocs = {
	summary: "",
	keys: [{ key: "", meaning: "", values: "" }],
	layers: ["live"],
	needsReboot: "never",
	risks: [],
	cannotBeUndone: "",
	persistence: "",
	sources: [],
	example: "",
};

const commandLine = object(
	{
		optional: {
			isolcpus: cpuList("Isolated CPUs."),
			hugepages: scalarText("n"),
		},
	},
	"Kernel command line.",
);

const kernelCommandLine: Tunable<Infer<typeof commandLine>> = {
	name: "kernelCommandLine",
	docs: anyDocs,
	decoder: commandLine,
	settings: (spec) =>
		Object.entries(spec).map(([key, value]) => ({
			tunable: "kernelCommandLine",
			key,
			match: key === "isolcpus" ? "cpuSet" : "exact",
			value,
			effect: "reboot",
		})),
};

const smt: Tunable<"on" | "off"> = {
	name: "smt",
	docs: anyDocs,
	decoder: onOff("Simultaneous multithreading."),
	settings: (value) => [
		{ tunable: "smt", key: "control", match: "exact", value, effect: "live" },
	],
};

const sysctlKey = map(
	text({
		description: "Key.",
		pattern: /^[a-z0-9_./]+$/,
		expected: "a sysctl key",
	}),
	(key) => key.replaceAll("/", "."),
);

const sysctl: Tunable<{ readonly [key: string]: string }> = {
	name: "sysctl",
	docs: anyDocs,
	decoder: record(sysctlKey, scalarText("Value."), "Sysctls."),
	settings: (spec) =>
		Object.entries(spec).map(([key, value]) => ({
			tunable: "sysctl",
			key,
			match: "exact",
			value,
			effect: "live",
		})),
};

const pages = object(
	{
		required: {
			count: integer({ description: "Count.", min: 0, unit: "pages" }),
		},
		optional: { size: text({ description: "Size of a page." }) },
	},
	"Huge pages.",
);

const hugePages: Tunable<Infer<typeof pages>> = {
	name: "hugePages",
	docs: anyDocs,
	decoder: pages,
	settings: ({ count }): readonly Setting[] => [
		{
			tunable: "hugePages",
			key: "node0",
			match: "atLeast",
			value: String(count),
			effect: "live",
		},
		{
			tunable: "kernelCommandLine",
			key: "hugepages",
			match: "exact",
			value: String(count),
			effect: "reboot",
		},
	],
};

/** In registry order. */
export const fakeTunables: readonly Tunable<unknown>[] = [
	kernelCommandLine,
	smt,
	sysctl,
	hugePages,
];
